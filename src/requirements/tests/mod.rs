//! Requirements: decisions as pure functions, and the walk against a real database.
