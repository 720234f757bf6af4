//! Reading Rust sources as the rules see them: code without its comments, literals and tests.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One source file.
#[derive(Debug)]
pub struct Source {
    /// Its path from the root of the repository, with `/`.
    pub path: String,
    /// Everything in it.
    pub text: String,
    /// The code: comments and literals become blanks, lines keep their numbers. ASCII only.
    pub code: String,
    /// The comments: everything else becomes blanks.
    pub comments: String,
}

impl Source {
    /// Reads `text` as the file `path`.
    pub fn new(path: &str, text: &str) -> Self {
        let (code, comments) = separate(text);
        Self { path: path.to_owned(), text: text.to_owned(), code, comments }
    }

    /// Whether the whole file is compiled for tests only; the name says it.
    pub fn is_test(&self) -> bool {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        let named = matches!(file, "tests.rs" | "testing.rs") || file.ends_with("_tests.rs");
        named || self.path.split('/').any(|folder| folder == "tests")
    }

    /// The code that ships: nothing of a test file, nor what `#[cfg(test)]` marks in another.
    pub fn shipped(&self) -> String {
        let mut code = self.code.clone();
        if self.is_test() {
            return String::new();
        }
        for range in test_ranges(&self.code) {
            let blank = self.code[range.clone()].replace(|c| c != '\n', " ");
            code.replace_range(range, &blank);
        }
        code
    }

    /// Lines, those of the inline tests left out.
    pub fn lines(&self) -> usize {
        let newlines = |range: Range<usize>| self.code[range].matches('\n').count();
        let tests: usize = test_ranges(&self.code).into_iter().map(newlines).sum();
        self.text.lines().count() - tests
    }

    /// Where the module of this file stands under `src/`: `src/mail/queue.rs` is `[mail, queue]`.
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let stem = inside.trim_end_matches(".rs");
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        match stem {
            "lib" | "main" | "mod" => Vec::new(),
            stem => stem.split('/').map(str::to_owned).collect(),
        }
    }

    /// The room: the first folder or file under `src/`.
    pub fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
    }

    /// Whether the file is the `api` of its room: `api.rs`, or a file of the folder `api/`.
    pub fn is_api(&self) -> bool {
        self.module().get(1).is_some_and(|second| second == "api")
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under `folder` (a path from the root), sorted.
///
/// # Panics
/// When a folder or a file cannot be read, or when there is no Rust file at all.
pub fn sources(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "{folder}/ holds no Rust file: the rules would check nothing");
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a source file can be read");
        let inside = path.strip_prefix(root()).expect("a path under the root");
        Source::new(&inside.to_string_lossy().replace('\\', "/"), &text)
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// `text` twice: its code alone, then its comments alone, each with the lines of the original.
fn separate(text: &str) -> (String, String) {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut comments) = (String::new(), String::new());
    let mut at = 0;
    while at < chars.len() {
        let (kind, length) = piece(&chars, at);
        for &c in &chars[at..(at + length).min(chars.len())] {
            let ascii = if c.is_ascii() { c } else { '_' };
            let shown = |kept: bool, c: char| if kept || c == '\n' { c } else { ' ' };
            code.push(shown(kind == Kind::Code, ascii));
            comments.push(shown(kind == Kind::Comment, c));
        }
        at += length;
    }
    (code, comments)
}

/// What begins at `at`, and how many characters it takes.
fn piece(chars: &[char], at: usize) -> (Kind, usize) {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => {
            (Kind::Comment, chars[at..].iter().take_while(|&&c| c != '\n').count())
        }
        '/' if next == Some('*') => (Kind::Comment, block_comment(&chars[at..])),
        '"' => (Kind::Literal, quoted(&chars[at..])),
        '\'' => character(&chars[at..]).map_or((Kind::Code, 1), |length| (Kind::Literal, length)),
        'b' | 'c' | 'r' if at == 0 || !in_name(chars[at - 1]) => {
            raw(&chars[at..]).map_or((Kind::Code, 1), |length| (Kind::Literal, length))
        }
        _ => (Kind::Code, 1),
    }
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a block comment, which may hold others.
fn block_comment(chars: &[char]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// The length of a string that begins at its quotation mark.
fn quoted(chars: &[char]) -> usize {
    let mut at = 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of a character literal; nothing for a lifetime.
fn character(chars: &[char]) -> Option<usize> {
    if chars.get(1) == Some(&'\\') {
        return chars.iter().skip(3).position(|&c| c == '\'').map(|end| end + 4);
    }
    (chars.get(2) == Some(&'\'')).then_some(3)
}

/// The length of a raw string (`r"…"`, `br##"…"##`); nothing when another thing begins here.
fn raw(chars: &[char]) -> Option<usize> {
    let prefix = if chars[0] == 'r' { 1 } else { 2 };
    if chars.get(prefix - 1) != Some(&'r') {
        return None;
    }
    let hashes = chars[prefix..].iter().take_while(|&&c| c == '#').count();
    let start = prefix + hashes;
    if chars.get(start) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| {
        let tail = &chars[at + 1..];
        chars[*at] == '"' && tail.iter().take(hashes).filter(|&&c| c == '#').count() == hashes
    };
    Some((start + 1..chars.len()).find(closes).map_or(chars.len(), |end| end + 1 + hashes))
}

/// The items that `#[cfg(test)]` marks, as ranges of bytes of `code`.
fn test_ranges(code: &str) -> Vec<Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    let mut ranges = Vec::new();
    let mut from = 0;
    while let Some(found) = code[from..].find(MARK) {
        let start = from + found;
        from = item_end(code.as_bytes(), start + MARK.len());
        ranges.push(start..from);
    }
    ranges
}

/// Where the item that begins at `start` ends: after its `;`, or after the brace that closes it.
fn item_end(code: &[u8], start: usize) -> usize {
    let (mut braces, mut brackets) = (0_i32, 0_i32);
    for (at, c) in code.iter().enumerate().skip(start) {
        match c {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            b'{' => braces += 1,
            b'}' => braces -= 1,
            _ => {}
        }
        let closed = braces == 0 && brackets == 0 && matches!(c, b';' | b'}');
        if closed || braces < 0 {
            return at + 1;
        }
    }
    code.len()
}

mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn comments_are_apart_from_code() {
        let source = Source::new("src/a.rs", "one // two\n/* three /* four */ */ five /// six");
        assert_eq!(words(&source.code), ["one", "five"]);
        assert_eq!(words(&source.comments)[..2], ["//", "two"]);
        assert_eq!(source.code.lines().count(), 2, "lines keep their numbers");
    }

    #[test]
    fn literals_are_not_code() {
        let text = r###"a("x \" // y", r#"z " w"#, br"v", '"', '\'', b'/') b<'c> r#type"###;
        let source = Source::new("src/a.rs", text);
        let code: String = source.code.split_whitespace().collect();
        assert_eq!(code, "a(,,,,,b)b<'c>r#type");
        assert_eq!(source.comments.trim(), "", "slashes inside a string are no comment");
    }

    #[test]
    fn what_is_compiled_for_tests_only_does_not_ship() {
        let text = "one\n#[cfg(test)]\nmod tests {\n  fn two() { \"}\" }\n}\n#[cfg(test)]\nuse a::{b};\nsix";
        let source = Source::new("src/a.rs", text);
        assert_eq!(words(&source.shipped()), ["one", ";", "six"]);
        assert_eq!(source.lines(), 4);
        for path in ["src/a/tests.rs", "src/a/tests/b.rs", "src/a/b_tests.rs", "src/testing.rs"] {
            assert_eq!(Source::new(path, text).shipped(), "", "{path}");
        }
    }

    #[test]
    fn a_file_knows_its_room() {
        let place = |path| {
            let source = Source::new(path, "");
            (source.room().to_owned(), source.module().join("::"), source.is_api())
        };
        let is = |room: &str, module: &str, api| (room.to_owned(), module.to_owned(), api);
        assert_eq!(place("src/lib.rs"), is("lib", "", false));
        assert_eq!(place("src/text.rs"), is("text", "text", false));
        assert_eq!(place("src/mail/mod.rs"), is("mail", "mail", false));
        assert_eq!(place("src/mail/api.rs"), is("mail", "mail::api", true));
        assert_eq!(place("src/mail/api/mod.rs"), is("mail", "mail::api", true));
        assert_eq!(place("src/mail/api/queue.rs"), is("mail", "mail::api::queue", true));
    }
}
