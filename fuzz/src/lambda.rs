//! Names of functions.

use crate::lines;
use std::sync::LazyLock;
use tidegate_core::{Context, testing::Bench};

static CX: LazyLock<Context> = LazyLock::new(|| Bench::new().cx);

/// A function's name in any form, a qualifier behind it: the ARN that they stand for stands for itself.
pub fn function_name(text: &str) {
    let [name, qualifier] = lines(text);
    let qualifier = Some(qualifier).filter(|text| !text.is_empty());
    let Some(arn) = tidegate_lambda::fuzz::function(&CX, name, qualifier) else { return };
    // More colons than any form has are part of the name, and the model's pattern refuses those before.
    if name.matches(':').count() < 2 && !qualifier.unwrap_or_default().contains(':') {
        assert_eq!(tidegate_lambda::fuzz::function(&CX, &arn, None), Some(arn));
    }
}
