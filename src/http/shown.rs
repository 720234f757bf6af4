//! Enumerations of the model as the document shows them.

/// Repeats an enumeration of the model for the document, word for word and both ways, so that the
/// model knows nothing of poem, and a value added there is missed here by the compiler.
macro_rules! shown {
    ($(#[$doc:meta])* $vis:vis $name:ident of $model:ident {
        $($(#[$value_doc:meta])* $value:ident,)*
    }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, poem_openapi::Enum)]
        #[oai(rename_all = "snake_case")]
        $(#[$doc])*
        $vis enum $name { $($(#[$value_doc])* $value,)* }

        impl From<$model> for $name {
            fn from(value: $model) -> Self {
                match value { $($model::$value => Self::$value,)* }
            }
        }

        impl From<$name> for $model {
            fn from(value: $name) -> Self {
                match value { $($name::$value => Self::$value,)* }
            }
        }
    };
}

pub(crate) use shown;
