//! The allow-list of figures: which elements, which attributes, which values. What is not here does
//! not exist; what is often met and refused has a remedy of its own.

/// The namespace of SVG.
pub(super) const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Elements that may stand in a drawing, `svg` at its root aside.
const ELEMENTS: &str = "g defs title desc path rect circle ellipse line polyline polygon text tspan \
                        marker linearGradient radialGradient stop clipPath";

/// Elements in which text is read.
const WITH_TEXT: &str = "text tspan title desc";

/// Geometry, then presentation attributes (SVG 2, §6.6), on any element.
const ATTRIBUTES: &str = "id viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry \
     fx fy fr d points pathLength transform dx dy rotate textLength lengthAdjust offset \
     gradientUnits gradientTransform spreadMethod clipPathUnits refX refY markerWidth markerHeight \
     markerUnits orient \
     fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin \
     stroke-dasharray stroke-dashoffset stroke-miterlimit opacity color display visibility \
     font-family font-size font-style font-weight font-variant text-anchor dominant-baseline \
     alignment-baseline baseline-shift letter-spacing word-spacing text-decoration writing-mode \
     direction unicode-bidi clip-path clip-rule marker-start marker-mid marker-end stop-color \
     stop-opacity vector-effect paint-order shape-rendering text-rendering color-interpolation";

/// Attributes of the root that careful authors write and that the page writes by itself.
const OURS_AT_ROOT: &str = "version role aria-labelledby aria-describedby";

fn among(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|known| known == name)
}

pub(super) fn is_element(name: &str) -> bool {
    among(ELEMENTS, name)
}

pub(super) fn holds_text(name: &str) -> bool {
    among(WITH_TEXT, name)
}

pub(super) fn is_attribute(name: &str) -> bool {
    among(ATTRIBUTES, name)
}

pub(super) fn is_ours_at_root(name: &str) -> bool {
    among(OURS_AT_ROOT, name)
}

/// What to do about an element that may not stand in a drawing.
pub(super) fn remedy_for_element(name: &str) -> &'static str {
    match name {
        "script" => "retirez le script : une figure ne fait rien, elle se regarde",
        "style" => "écrivez la mise en forme en attributs : fill=…, stroke=…, font-size=…",
        "use" | "symbol" => "recopiez la forme à chaque place (Inkscape : « Délier le clone »)",
        "image" | "feImage" => "dessinez-la, ou montrez l’image elle-même depuis media/",
        "foreignObject" | "switch" => "écrivez le texte avec <text> et <tspan>",
        "a" => "retirez le lien : écrivez-le dans la leçon",
        "svg" => "gardez un seul <svg>, à la racine",
        _ if name.starts_with("animate") || name == "set" => "retirez l’animation",
        _ => {
            "retirez-le ; sont admis g, defs, title, desc, les formes simples, text, tspan, marker, les dégradés et clipPath (Inkscape : « SVG simple »)"
        }
    }
}

/// What to do about an attribute that may not stand in a drawing.
pub(super) fn remedy_for_attribute(name: &str) -> &'static str {
    match name {
        "style" => "écrivez chaque propriété en attribut : fill=…, stroke=…",
        "class" => "écrivez la mise en forme en attributs : fill=…, stroke=…",
        "href" | "src" => "retirez-le : une figure ne renvoie à rien d’autre qu’elle",
        _ if name.starts_with("on") => "retirez-le : une figure n’a pas de script",
        _ => "retirez-le (Inkscape : enregistrez en « SVG simple »)",
    }
}

/// Whether a value is numbers, colours, words and the like: no colon, so that no address of any
/// scheme can be written; `url(…)` is read apart, by [`own_id`].
pub(super) fn is_plain(value: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || " .,;+-#%()_/'\n\t".contains(c);
    value.chars().all(inner) && !value.to_ascii_lowercase().contains("url")
}

/// The id in `url(#id)`, when the value is that and nothing else.
pub(super) fn own_id(value: &str) -> Option<&str> {
    value.trim().strip_prefix("url(#")?.strip_suffix(')').filter(|id| is_id(id))
}

/// `[A-Za-z][A-Za-z0-9_-]{0,63}`.
pub(super) fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
