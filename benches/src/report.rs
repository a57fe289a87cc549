//! Medians, ratios, and lines that say whether a bar is reached.

/// The middle value.
///
/// # Panics
/// Without values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    assert!(!sorted.is_empty(), "a median needs values");
    sorted[sorted.len() / 2]
}

/// The middle of the numbers; 0 if there are none.
pub fn median_or_zero(numbers: Vec<f64>) -> f64 {
    if numbers.is_empty() { 0.0 } else { median(&numbers) }
}

/// Which way is better.
#[derive(Clone, Copy)]
pub enum Bar {
    /// The ratio must be at least this.
    AtLeast(f64),
    /// The ratio must be at most this.
    AtMost(f64),
}

/// Prints a comparison: our median, the reference's, their ratio, and the bar.
pub fn compare(what: &str, unit: &str, ours: &[f64], reference: (&str, &[f64]), bar: Bar) {
    let (mine, theirs) = (median(ours), median(reference.1));
    line(what, &format!("{mine:.2} {unit}; {}: {theirs:.2} {unit}", reference.0), mine / theirs, bar);
}

/// Prints a value against a bar of its own.
pub fn line(what: &str, values: &str, ratio: f64, bar: Bar) {
    let (reached, bar) = match bar {
        Bar::AtLeast(least) => (ratio >= least, format!("at least {least}")),
        Bar::AtMost(most) => (ratio <= most, format!("at most {most}")),
    };
    println!("{} {what}: {values}; ratio {ratio:.3} ({bar})", if reached { "ok  " } else { "MISS" });
}
