//! One database of the shared cluster for one test, gone with it: left side by side, those of a
//! whole run fill a disk.

use super::Cluster;

/// A database that nobody else uses, removed when this is dropped, whoever is still connected.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// A new empty one; `purpose` begins its name, which is said in PostgreSQL's errors.
    pub fn empty(purpose: &str) -> Self {
        let name = fresh(purpose);
        Self { url: Cluster::shared().create_database(&name), name }
    }

    /// A new one with the tables and rows of `template`, which nobody may be connected to.
    pub fn copy_of(template: &str, purpose: &str) -> Self {
        let name = fresh(purpose);
        Self { url: Cluster::shared().create_from_template(template, &name), name }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Loses all that it holds; it is then as new, at the same address.
    pub fn lose(&self) {
        Cluster::shared().drop_database(&self.name);
        Cluster::shared().create_database(&self.name);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Said, not panicked upon: a test that fails is dropping this already.
        if let Err(reason) = Cluster::shared().try_drop_database(&self.name) {
            eprintln!("database {} is left: {reason}", self.name);
        }
    }
}

fn fresh(purpose: &str) -> String {
    format!("{purpose}{}", maitrise::clock::new_id().simple())
}
