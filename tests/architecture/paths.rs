//! The paths that a file names: its `use` trees and those written inside the code, resolved.

use std::collections::{HashMap, HashSet};

/// A path that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The whole path: `[crate, mail, queue]` inside the program, `[std, env, var]` outside.
    pub path: Vec<String>,
    /// Where it is written, from 1.
    pub line: usize,
}

impl Mention {
    /// The path as one writes it.
    pub fn text(&self) -> String {
        self.path.join("::")
    }

    /// The room that is meant, when the path leads into the program.
    pub fn room(&self) -> Option<&str> {
        let inside = self.path.first().is_some_and(|first| first == "crate");
        inside.then(|| self.path.get(1).map(String::as_str)).flatten()
    }

    /// Whether the path leads into the `api` of a room.
    pub fn is_api(&self) -> bool {
        self.room().is_some() && self.path.get(2).is_some_and(|second| second == "api")
    }

    /// Whether the path begins with `start`.
    pub fn starts_with(&self, start: &[&str]) -> bool {
        self.path.len() >= start.len() && self.path.iter().zip(start).all(|(a, b)| a == b)
    }

    /// Whether the path holds `part`, in this order and unbroken.
    pub fn holds(&self, part: &[&str]) -> bool {
        self.path.windows(part.len()).any(|window| window == part)
    }
}

/// Every path of two segments or more in `code` (without comments or literals), in the order of
/// the text. `module` is where the file stands, so that `super` and `self` have a meaning.
pub fn mentions(code: &str, module: &[String]) -> Vec<Mention> {
    let mut walk = Walk { tokens: tokens(code), module: module.to_vec(), ..Walk::default() };
    walk.all();
    let imports = walk.imports();
    let resolved = |raw: &Raw| Mention { path: walk.resolve(raw, &imports), line: raw.line };
    walk.found.iter().map(resolved).filter(|mention| mention.path.len() > 1).collect()
}

/// A word, `::`, `..` or one sign.
#[derive(Debug)]
struct Token<'a> {
    text: &'a str,
    line: usize,
}

impl Token<'_> {
    fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    }
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), code, 1);
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let length = match word.unwrap_or(rest.len()) {
            0 if rest.starts_with("::") || rest.starts_with("..") => 2,
            0 => first.len_utf8(),
            length => length,
        };
        let (text, after) = rest.split_at(length);
        line += usize::from(first == '\n');
        if !first.is_whitespace() {
            tokens.push(Token { text, line });
        }
        rest = after;
    }
    tokens
}

/// A path as written, with the module in which it is written.
#[derive(Debug)]
struct Raw {
    module: Vec<String>,
    path: Vec<String>,
    line: usize,
    /// The name that a `use` binds.
    binds: Option<String>,
}

/// A walk over the tokens of one file.
#[derive(Debug, Default)]
struct Walk<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    /// The module where the walk stands, inline modules included.
    module: Vec<String>,
    depth: usize,
    /// The depth at which each open inline module began.
    inline: Vec<usize>,
    /// Modules declared in this file, by their whole path.
    children: HashSet<Vec<String>>,
    found: Vec<Raw>,
}

/// What each module imports: (module, name) → whole path.
type Imports = HashMap<(Vec<String>, String), Vec<String>>;

impl<'a> Walk<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    fn all(&mut self) {
        while self.at < self.tokens.len() {
            match self.text(self.at) {
                "{" => self.depth += 1,
                "}" => self.close(),
                "mod" if self.declares_module() => self.open(),
                "use" if self.text(self.at + 1) != "<" => {
                    self.at += 1;
                    self.tree(Vec::new());
                }
                _ if self.begins_path() => {
                    self.path();
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.inline.last() == Some(&self.depth) {
            self.inline.pop();
            self.module.pop();
        }
    }

    fn declares_module(&self) -> bool {
        matches!(self.text(self.at + 2), "{" | ";")
    }

    /// `mod name;` or `mod name {`: the walk ends on the last token read.
    fn open(&mut self) {
        let mut child = self.module.clone();
        child.push(self.text(self.at + 1).to_owned());
        self.children.insert(child.clone());
        if self.text(self.at + 2) == "{" {
            self.inline.push(self.depth);
            self.depth += 1;
            self.module = child;
        }
        self.at += 2;
    }

    /// One branch of a `use` tree; the walk ends before its `,`, `}` or `;`.
    fn tree(&mut self, mut path: Vec<String>) {
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        loop {
            match self.text(self.at) {
                "::" => {}
                "{" => return self.branches(&path),
                "*" => {
                    self.at += 1;
                    return self.note(path, line, None);
                }
                "self" if !path.is_empty() => {}
                _ if self.tokens.get(self.at).is_some_and(Token::is_word) => {
                    path.push(self.text(self.at).to_owned());
                }
                _ => return,
            }
            self.at += 1;
            if self.text(self.at) != "::" && self.text(self.at - 1) != "::" {
                break;
            }
        }
        let mut binds = path.last().cloned();
        if self.text(self.at) == "as" {
            binds = Some(self.text(self.at + 1).to_owned());
            self.at += 2;
        }
        self.note(path, line, binds);
    }

    /// `{a, b::c}` of a `use` tree; the walk ends after the closing brace.
    fn branches(&mut self, path: &[String]) {
        self.at += 1;
        while !matches!(self.text(self.at), "}" | ";" | "") {
            let before = self.at;
            self.tree(path.to_vec());
            if self.text(self.at) == "," || self.at == before {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn begins_path(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).map_or("", |at| self.text(at));
        let continues = match before(1) {
            "." => true,
            "::" => before(2) == ">" || before(2).starts_with(|c: char| c.is_ascii_alphanumeric()),
            _ => false,
        };
        !continues && self.tokens[self.at].is_word() && self.text(self.at + 1) == "::"
    }

    /// A path inside the code; the walk ends after it.
    fn path(&mut self) {
        let line = self.tokens[self.at].line;
        let mut path = vec![self.text(self.at).to_owned()];
        self.at += 1;
        while self.text(self.at) == "::" && self.tokens.get(self.at + 1).is_some_and(Token::is_word)
        {
            path.push(self.text(self.at + 1).to_owned());
            self.at += 2;
        }
        self.note(path, line, None);
    }

    fn note(&mut self, path: Vec<String>, line: usize, binds: Option<String>) {
        self.found.push(Raw { module: self.module.clone(), path, line, binds });
    }

    /// What the `use` of the file bring into each of its modules.
    fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for raw in &self.found {
            if let Some(name) = &raw.binds {
                let path = self.resolve(raw, &imports);
                imports.insert((raw.module.clone(), name.clone()), path);
            }
        }
        imports
    }

    /// The whole path that `raw` means, where it is written.
    fn resolve(&self, raw: &Raw, imports: &Imports) -> Vec<String> {
        let first = raw.path.first().map(String::as_str).unwrap_or_default();
        let ups = raw.path.iter().take_while(|segment| *segment == "super").count();
        let mut child = raw.module.clone();
        child.push(first.to_owned());
        let (base, skipped) = match first {
            "crate" => return raw.path.clone(),
            "self" => (raw.module.clone(), 1),
            "super" => (raw.module[..raw.module.len().saturating_sub(ups)].to_vec(), ups),
            _ if self.children.contains(&child) => (raw.module.clone(), 0),
            _ => {
                let known = imports.get(&(raw.module.clone(), first.to_owned()));
                let start = known.cloned().unwrap_or_else(|| vec![first.to_owned()]);
                return start.into_iter().chain(raw.path.iter().skip(1).cloned()).collect();
            }
        };
        let root = ["crate".to_owned()].into_iter();
        root.chain(base).chain(raw.path.iter().skip(skipped).cloned()).collect()
    }
}

mod tests {
    use super::*;
    use crate::source::Source;

    /// The paths of `text`, read as `src/mail/queue.rs`, as `line path`.
    fn read(text: &str) -> Vec<String> {
        let source = Source::new("src/mail/queue.rs", text);
        let found = mentions(&source.code, &source.module());
        found.iter().map(|mention| format!("{} {}", mention.line, mention.text())).collect()
    }

    #[test]
    fn a_nested_use_is_every_path_that_it_names() {
        let text =
            "pub(crate) use crate::a::{self, b, c::{d as e, f::*},\n  g,};\nuse ::std::{env};";
        let paths = ["crate::a", "crate::a::b", "crate::a::c::d", "crate::a::c::f"];
        let mut expected: Vec<String> = paths.iter().map(|path| format!("1 {path}")).collect();
        expected.extend(["2 crate::a::g".to_owned(), "3 std::env".to_owned()]);
        assert_eq!(read(text), expected);
        assert_eq!(read("use {crate::a::b, std::fs};"), ["1 crate::a::b", "1 std::fs"]);
    }

    #[test]
    fn super_is_resolved_from_where_it_is_written() {
        assert_eq!(read("use super::model::Row;"), ["1 crate::mail::model::Row"]);
        assert_eq!(read("use super::super::text;"), ["1 crate::text"]);
        assert_eq!(
            read("mod inner { use super::X; }\nuse super::Y;"),
            ["1 crate::mail::queue::X", "2 crate::mail::Y"]
        );
        assert_eq!(read("fn f() { self::a::b() }"), ["1 crate::mail::queue::a::b"]);
    }

    #[test]
    fn a_path_inside_the_code_counts() {
        let text = "fn f(x: &crate::a::B) -> Vec<crate::c::D> {\n x.y(..crate::e::F::<u8>::g()) }";
        assert_eq!(read(text), ["1 crate::a::B", "1 crate::c::D", "2 crate::e::F"]);
    }

    #[test]
    fn an_imported_name_leads_where_its_import_says() {
        let text = "use crate::accounts as a;\nuse chrono::Utc;\nfn f() { a::api::g(Utc::now()) }";
        let expected = ["3 crate::accounts::api::g", "3 chrono::Utc::now"];
        assert_eq!(read(text)[2..], expected);
        assert_eq!(read("mod api;\npub use api::Door;"), ["2 crate::mail::queue::api::Door"]);
    }

    #[test]
    fn comments_and_strings_name_nothing() {
        let text =
            "// use crate::a::b;\n/// [`crate::a`]\n/* crate::c::d */\nlet x = \"crate::e::f\";";
        assert_eq!(read(text), Vec::<String>::new());
        assert_eq!(read("fn f() -> impl Sized + use<'_, T> {}"), Vec::<String>::new());
    }
}
