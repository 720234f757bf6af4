//! The schema of a body, and every place in a value that it speaks of.

use serde_json::{Value, json};

/// A place in a body, and what the document says of it.
pub struct Node {
    /// Where it is: a JSON pointer.
    pub pointer: String,
    /// Its schema, resolved.
    pub schema: Value,
    /// What the base holds there; null if nothing.
    pub value: Value,
    /// Whether it must be there, and so whether null is refused.
    pub required: bool,
}

impl Node {
    /// Its JSON type in the document.
    pub fn kind(&self) -> &str {
        self.schema["type"].as_str().unwrap_or_default()
    }

    /// Whether any text fits it but for its length.
    pub fn is_free_text(&self) -> bool {
        self.kind() == "string" && self.schema["enum"].is_null() && self.schema["format"].is_null()
    }
}

/// Every place of a body, the body itself first.
pub fn nodes(document: &Value, schema: &Value, base: &Value) -> Vec<Node> {
    let mut found = Vec::new();
    walk(document, schema, base, (String::new(), true), &mut found);
    found
}

fn walk(
    document: &Value,
    schema: &Value,
    value: &Value,
    (pointer, required): (String, bool),
    found: &mut Vec<Node>,
) {
    let schema = resolved(document, schema);
    let is_required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name))
    };
    found.push(Node {
        pointer: pointer.clone(),
        schema: schema.clone(),
        value: value.clone(),
        required,
    });
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let at = (format!("{pointer}/{name}"), is_required(name));
        walk(document, field, value.get(name).unwrap_or(&Value::Null), at, found);
    }
    if schema["additionalProperties"].is_object() {
        for (name, one) in value.as_object().into_iter().flatten() {
            let at = (format!("{pointer}/{name}"), true);
            walk(document, &schema["additionalProperties"], one, at, found);
        }
    }
    for (index, one) in value.as_array().into_iter().flatten().enumerate() {
        walk(document, &schema["items"], one, (format!("{pointer}/{index}"), true), found);
    }
}

/// What a schema refers to.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    match reference {
        Some(reference) => {
            let name = reference.rsplit('/').next().expect("a name");
            &document["components"]["schemas"][name]
        }
        None => schema,
    }
}

/// A body with something else at one place.
pub fn with(base: &Value, pointer: &str, new: Value) -> Value {
    let mut changed = base.clone();
    match pointer.rsplit_once('/') {
        None => return new,
        Some((parent, step)) => match changed.pointer_mut(parent).expect("a parent") {
            Value::Array(items) => items[step.parse::<usize>().expect("an index")] = new,
            parent => parent[step] = new,
        },
    }
    changed
}

/// A body without one of its fields.
pub fn without(base: &Value, pointer: &str) -> Value {
    let mut changed = base.clone();
    let (parent, step) = pointer.rsplit_once('/').expect("a field");
    let parent = changed.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.expect("an object").remove(step);
    changed
}

/// A body with something at one place that no JSON library would write.
pub fn with_raw(base: &Value, pointer: &str, raw: &[u8]) -> Vec<u8> {
    const MARK: &str = "\"@here@\"";
    let text = with(base, pointer, json!("@here@")).to_string();
    let (head, tail) = text.split_once(MARK).expect("the mark");
    [head.as_bytes(), raw, tail.as_bytes()].concat()
}
