//! Today, in Wuxi's time; everything below receives days instead of asking for them.

use crate::atlas::Date;
use std::sync::OnceLock;
use std::time::Instant;

static START: OnceLock<Instant> = OnceLock::new();

/// Seconds since this was first asked, which the program does when it starts.
pub fn since_start() -> f64 {
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// The day at UTC+8, whatever the machine's own zone: deadlines end at midnight in Wuxi.
pub fn today() -> Date {
    let shift = jiff::tz::Offset::constant(8);
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(shift)).date()
}
