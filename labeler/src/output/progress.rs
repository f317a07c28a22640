//! 進み具合. A bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kakuzuke::{Progress as Step, ScanProgress};

/// Shows how far a batch is.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar; hidden when standard error is no terminal.
    #[must_use]
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len}  {per_sec}  {eta}  {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// How far it is.
    pub fn show(&self, step: &Step) {
        self.0.set_length(u64::try_from(step.total).unwrap_or(u64::MAX));
        self.0.set_position(u64::try_from(step.finished).unwrap_or(u64::MAX));
        self.0.set_message(step.path.display().to_string());
    }

    /// How far a scan is. Until the files are counted there is no end to be seen.
    pub fn show_scan(&self, step: &ScanProgress) {
        if let Some(total) = step.total {
            self.0.set_length(total);
        }
        self.0.set_position(step.finished);
        self.0.set_message(format!("{} MiB", step.bytes >> 20));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
