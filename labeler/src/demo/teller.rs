//! 語り手. Tells the story in plain words, one numbered step after the other; keeps it for `--json`.

use kakuzuke::{Error, Failure};
use serde_json::{Value, json};

use crate::output::{Output, error_value};

/// Tells.
pub struct Teller {
    output: Output,
    steps: Vec<Value>,
}

impl Teller {
    /// Speaks as the command speaks.
    pub fn new(output: Output) -> Self {
        Self { output, steps: Vec::new() }
    }

    /// A new step.
    pub fn step(&mut self, ja: &str, en: &str) {
        self.steps.push(json!({ "ja": ja, "en": en, "lines": [] }));
        let number = self.steps.len();
        self.output.tell("", "");
        self.output.tell(&format!("【{number}】{ja}"), &format!("[{number}] {en}"));
    }

    /// A line of the step.
    pub fn line(&mut self, ja: &str, en: &str) {
        self.keep(json!({ "ja": ja, "en": en }));
        self.output.tell(&format!("　　{ja}"), &format!("    {en}"));
    }

    /// What was refused, in the words the officer sees.
    pub fn refused(&mut self, error: &Error) {
        self.keep(json!({ "refused": error_value(error) }));
        for line in self.output.failure_lines(&Failure::new(std::path::PathBuf::new(), error)) {
            self.output.tell(&format!("　　　✕ {line}"), &format!("      ✕ {line}"));
        }
    }

    /// The steps told, as a value.
    pub fn steps(&self) -> &[Value] {
        &self.steps
    }

    fn keep(&mut self, line: Value) {
        if let Some(lines) = self.steps.last_mut().and_then(|step| step.get_mut("lines")).and_then(Value::as_array_mut)
        {
            lines.push(line);
        }
    }
}
