//! What a run is told by the environment: how long it is, which one it repeats, where its tools are.

/// The number that the environment gives under this name; `usual` when it gives none.
///
/// Panics on anything but a number: a misspelt run must not pass as the usual one.
pub fn dial(name: &str, usual: u64) -> u64 {
    let Some(given) = std::env::var_os(name) else { return usual };
    let given = given.to_string_lossy();
    given.parse().unwrap_or_else(|_| panic!("{name} is {given:?}; it is a whole number"))
}

/// What the environment gives under this name, if anything.
pub fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
