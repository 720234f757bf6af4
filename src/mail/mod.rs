pub mod model;
pub mod queue {
    //! Placeholder replaced by the mail room's own file.
    /// Depth.
    pub struct Depth {
        pub waiting: i64,
        pub oldest_seconds: i64,
        pub given_up: i64,
    }
    /// Depth of the queue.
    pub async fn depth(
        _c: &impl sea_orm::ConnectionTrait,
        _now: chrono::DateTime<chrono::Utc>,
    ) -> crate::error::Result<Depth> {
        Ok(Depth { waiting: 0, oldest_seconds: 0, given_up: 0 })
    }
}
