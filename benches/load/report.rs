//! The table that a run prints, as Markdown, a line at a time.

use crate::Options;

/// A report being printed.
#[derive(Debug)]
pub struct Report {
    engine: &'static str,
    missed: usize,
}

impl Report {
    /// Prints the heading.
    pub fn begin(options: &Options) -> Self {
        let Options { people, seconds, connections, .. } = options;
        println!("{people} people, {connections} connections, {seconds} s a measurement\n");
        println!("| engine | what | figure | target | |\n|---|---|---|---|---|");
        Self { engine: "", missed: 0 }
    }

    /// Says on which engine the next lines are.
    pub fn on(&mut self, engine: &'static str) {
        self.engine = engine;
    }

    /// A figure without a target.
    pub fn figure(&self, what: &str, figure: String) {
        println!("| {} | {what} | {figure} | | |", self.engine);
    }

    /// A figure that is to be at least `target`.
    pub fn at_least(&mut self, what: &str, figure: f64, target: f64, detail: &str) {
        self.line(what, figure, &format!("≥ {target}"), figure >= target, detail);
    }

    /// A figure that is to be under `target`.
    pub fn under(&mut self, what: &str, figure: f64, target: f64, detail: &str) {
        self.line(what, figure, &format!("< {target}"), figure < target, detail);
    }

    fn line(&mut self, what: &str, figure: f64, target: &str, met: bool, detail: &str) {
        let digits = if figure < 10.0 { 2 } else { 0 };
        let verdict = if met { "met" } else { "**missed**" };
        self.missed += usize::from(!met);
        let engine = self.engine;
        println!("| {engine} | {what} | {figure:.digits$} {detail} | {target} | {verdict} |");
    }

    /// Says how many targets were missed.
    pub fn end(self) {
        println!("\n{} targets missed", self.missed);
    }
}
