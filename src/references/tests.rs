//! Texts and what is to be reviewed, on a real database.
