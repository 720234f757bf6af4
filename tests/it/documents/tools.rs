//! The programs that read documents: installed by `tests/run`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A small PNG with transparency: a blue square of 2 by 1, half of it transparent.
pub fn logo() -> Vec<u8> {
    use base64::Engine as _;
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAD0lEQVR4nGOQtsr+DwQMABLrBL21yDuoAAAAAElFTkSuQmCC";
    base64::engine::general_purpose::STANDARD.decode(png).expect("base 64")
}

fn run(program: &str, arguments: &[&str], file: &Path) -> Output {
    let ran = Command::new(program).args(arguments).arg(file).output();
    ran.unwrap_or_else(|error| panic!("{program} (tests/run installs it): {error}"))
}

/// The width, the height and the values of a picture in PGM (`P5`) or PPM (`P6`).
fn values<'p>(kind: &str, picture: &'p [u8]) -> (usize, usize, &'p [u8]) {
    let mut from = 0;
    let mut word = || {
        let end = from + picture[from..].iter().position(u8::is_ascii_whitespace).expect("a word");
        let word = std::str::from_utf8(&picture[from..end]).expect("text").to_owned();
        from = end + 1;
        word
    };
    assert_eq!(word(), kind);
    let [width, height, most] = [(); 3].map(|()| word().parse::<usize>().expect("a number"));
    assert_eq!(most, 255);
    (width, height, &picture[from..])
}

/// A document kept in a folder for as long as it is looked at.
pub struct Kept {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Kept {
    /// Keeps a document.
    pub fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("document.pdf");
        std::fs::write(&path, bytes).expect("written");
        Self { _folder: folder, path }
    }

    /// Its text, in reading order, every space a plain one.
    pub fn text(&self) -> String {
        let read = Command::new("pdftotext").arg(&self.path).arg("-").output().expect("pdftotext");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        let text = String::from_utf8(read.stdout).expect("UTF-8");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Right edge of the text furthest to the right, in points.
    pub fn right_edge(&self) -> f64 {
        let read = Command::new("pdftotext").arg("-bbox").arg(&self.path).arg("-").output();
        let xml = String::from_utf8(read.expect("pdftotext").stdout).expect("UTF-8");
        let edges = xml.split("xMax=\"").skip(1).filter_map(|rest| rest.split('"').next());
        edges.map(|edge| edge.parse().expect("a number")).fold(0.0, f64::max)
    }

    /// A file that is attached to it, as qpdf takes it out.
    pub fn attachment(&self, name: &str) -> Vec<u8> {
        let taken = run("qpdf", &[&format!("--show-attachment={name}")], &self.path);
        assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
        taken.stdout
    }

    /// What the QR code on its picture says, as a telephone would read it.
    pub fn qr(&self) -> String {
        let drawn = run("pdftoppm", &["-gray", "-r", "200", "-singlefile"], &self.path);
        let (width, height, grey) = values("P5", &drawn.stdout);
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
        let grids = picture.detect_grids();
        grids.first().expect("a QR code").decode().expect("it is readable").1
    }

    /// Its first page at 72 dots an inch: the width, and the colours row after row.
    pub fn colours(&self) -> (usize, Vec<[u8; 3]>) {
        let drawn = run("pdftoppm", &["-r", "72", "-singlefile"], &self.path);
        let (width, _, values) = values("P6", &drawn.stdout);
        let pixels = values.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
        (width, pixels.collect())
    }

    /// Whether qpdf finds it sound.
    pub fn is_sound(&self) -> bool {
        run("qpdf", &["--check"], &self.path).status.success()
    }

    /// Its objects as qpdf tells them: its catalog and what hangs on it.
    pub fn objects(&self) -> String {
        let told = run("qpdf", &["--json"], &self.path);
        String::from_utf8(told.stdout).expect("UTF-8")
    }

    /// What veraPDF finds against the standards named; empty when the file complies with each.
    pub fn departures(&self, standards: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/verapdf");
        let classes = crate::support::told("MAITRISE_TEST_VERAPDF")
            .unwrap_or_else(|| format!("{0}:{0}/verapdf.jar:/usr/share/java/*", root.display()));
        let arguments = ["-cp", &classes, "Validate", standards];
        let ran = run("java", &arguments, &self.path);
        let (said, told) =
            (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        let asked = standards.split(',').count();
        assert_eq!(
            said.matches("assertions)").count(),
            asked,
            "veraPDF (tests/run installs it): {told}"
        );
        if ran.status.success() { String::new() } else { said.into_owned() }
    }
}
