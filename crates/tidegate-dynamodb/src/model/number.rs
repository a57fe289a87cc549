//! DynamoDB's numbers: 38 significant digits, magnitude 1E-130 to 9.99…E+125, no binary rounding.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>

use std::cmp::Ordering;
use std::fmt;

/// A decimal number: ± mantissa × 10^exponent. The mantissa has at most 38 digits and no trailing zero; zero is +0E0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Number {
    mantissa: u128,
    exponent: i16,
    negative: bool,
}

/// Why a text is no DynamoDB number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// The text is no number at all.
    NotNumeric,
    /// Larger than 9.99…E+125.
    Overflow,
    /// Nearer to zero than 1E-130.
    Underflow,
    /// More than 38 significant digits.
    TooPrecise,
}

const DIGITS_MAX: u32 = 38;
/// Powers of ten of the first digit.
const MAGNITUDE: std::ops::RangeInclusive<i64> = -130..=125;

impl Number {
    /// Zero.
    pub const ZERO: Number = Number { mantissa: 0, exponent: 0, negative: false };

    /// Reads a number as AWS does: sign, digits with or without a point, exponent.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        let parts = Parts::split(text).ok_or(NumberError::NotNumeric)?;
        let exponent = parts.exponent()?;
        let mut mantissa = 0u128;
        let (mut digits, mut zeros) = (0u32, 0i64);
        for byte in parts.whole.bytes().chain(parts.fraction.bytes()) {
            // Zeros wait until a further digit shows that they are significant.
            if byte == b'0' {
                zeros += i64::from(mantissa != 0);
                continue;
            }
            digits = digits.saturating_add(u32::try_from(zeros).unwrap_or(u32::MAX)).saturating_add(1);
            if digits <= DIGITS_MAX {
                mantissa = mantissa * 10u128.pow(zeros as u32 + 1) + u128::from(byte - b'0');
            }
            zeros = 0;
        }
        let last = exponent - parts.fraction.len() as i64 + zeros;
        Number::checked(parts.negative, mantissa, digits, last, exponent)
    }

    fn checked(negative: bool, mantissa: u128, digits: u32, last: i64, exponent: i64) -> Result<Number, NumberError> {
        // AWS judges a zero by the exponent that was written: 0E126 overflows.
        let magnitude = if digits == 0 { exponent } else { last + i64::from(digits) - 1 };
        match () {
            () if magnitude > *MAGNITUDE.end() => Err(NumberError::Overflow),
            () if magnitude < *MAGNITUDE.start() => Err(NumberError::Underflow),
            () if digits > DIGITS_MAX => Err(NumberError::TooPrecise),
            () if digits == 0 => Ok(Number::ZERO),
            () => Ok(Number { mantissa, exponent: last as i16, negative }),
        }
    }

    /// From its parts, brought to the normal form; the same limits as `parse`.
    pub fn from_parts(negative: bool, mantissa: u128, exponent: i64) -> Result<Number, NumberError> {
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        while mantissa != 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        let exponent = if mantissa == 0 { 0 } else { exponent };
        Number::checked(negative, mantissa, digits(mantissa), exponent, exponent)
    }

    /// Sign, mantissa and exponent of the normal form.
    pub fn parts(&self) -> (bool, u128, i16) {
        (self.negative, self.mantissa, self.exponent)
    }

    /// The sum; an error where it needs more than 38 digits or leaves the range.
    pub fn plus(self, other: Number) -> Result<Number, NumberError> {
        if self.mantissa == 0 || other.mantissa == 0 {
            return Ok(if self.mantissa == 0 { other } else { self });
        }
        let exponent = self.exponent.min(other.exponent);
        let aligned = |n: Number| {
            // The lower of the two ends in a digit that is not zero, so what does not fit here has too many digits.
            let scale = 10u128.checked_pow((n.exponent - exponent) as u32);
            scale.and_then(|scale| n.mantissa.checked_mul(scale)).ok_or(NumberError::TooPrecise)
        };
        let (a, b) = (aligned(self)?, aligned(other)?);
        let (negative, sum) = match () {
            () if self.negative == other.negative => (self.negative, a.checked_add(b).ok_or(NumberError::TooPrecise)?),
            () if a >= b => (self.negative, a - b),
            () => (other.negative, b - a),
        };
        Number::from_parts(negative && sum != 0, sum, i64::from(exponent))
    }

    /// The difference, with the limits of `plus`.
    pub fn minus(self, other: Number) -> Result<Number, NumberError> {
        self.plus(Number { negative: !other.negative && other.mantissa != 0, ..other })
    }

    /// Bytes that DynamoDB counts for it: one, one for each two digits before and after the point, one for the sign.
    pub fn size(&self) -> usize {
        let digits = digits(self.mantissa) as usize;
        let fraction = (-self.exponent).max(0) as usize;
        let whole = digits.saturating_sub(fraction);
        1 + whole.div_ceil(2) + fraction.min(digits).div_ceil(2) + usize::from(self.negative)
    }

    /// Appends bytes that sort as the numbers do and end by themselves.
    pub fn encode_key(&self, out: &mut Vec<u8>) {
        if self.mantissa == 0 {
            return out.push(0x80);
        }
        out.push(if self.negative { 0x7f } else { 0x81 });
        let flip = if self.negative { 0xff } else { 0 };
        let count = digits(self.mantissa);
        let magnitude = self.exponent + count as i16 - 1;
        // -130..=125 becomes 0..=255.
        out.push((magnitude + 130) as u8 ^ flip);
        let mut rest = if count.is_multiple_of(2) { self.mantissa } else { self.mantissa * 10 };
        let start = out.len();
        while rest != 0 {
            out.push(((rest % 100) as u8 + 1) ^ flip);
            rest /= 100;
        }
        out[start..].reverse();
        out.push(flip);
    }

    /// The whole number of seconds since 1970 that it stands for, for times to live; `None` beyond `i64`.
    pub fn to_i64(&self) -> Option<i64> {
        let magnitude = match self.exponent {
            e if e >= 0 => self.mantissa.checked_mul(10u128.checked_pow(e as u32)?)?,
            e => 10u128.checked_pow(e.unsigned_abs().into()).map_or(0, |scale| self.mantissa / scale),
        };
        let magnitude = i64::try_from(magnitude).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Number {
        // 20 digits at most, far inside every limit.
        Number::from_parts(false, value.into(), 0).unwrap_or_default()
    }
}

fn digits(mantissa: u128) -> u32 {
    if mantissa == 0 { 0 } else { mantissa.ilog10() + 1 }
}

/// The pieces of a written number.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: &'a str,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Option<Parts<'a>> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (digits, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, "0"),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let valid = all_digits(whole) && all_digits(fraction) && !digits.is_empty() && digits != ".";
        (valid && all_digits(bare) && !bare.is_empty()).then_some(Parts { negative, whole, fraction, exponent })
    }

    /// AWS reads the exponent first: beyond 64 bits it is no number, beyond 32 bits it is out of range.
    fn exponent(&self) -> Result<i64, NumberError> {
        let exponent: i64 = self.exponent.parse().map_err(|_| NumberError::NotNumeric)?;
        match () {
            () if exponent > i64::from(i32::MAX) => Err(NumberError::Overflow),
            () if exponent < i64::from(i32::MIN) => Err(NumberError::Underflow),
            () => Ok(exponent),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let sign = |n: &Number| if n.mantissa == 0 { 0 } else { 1 - 2 * i8::from(n.negative) };
        let by_sign = sign(self).cmp(&sign(other));
        if by_sign != Ordering::Equal || self.mantissa == 0 {
            return by_sign;
        }
        let magnitude = |n: &Number| i32::from(n.exponent) + digits(n.mantissa) as i32;
        // At equal magnitude the mantissas compare once both have 38 digits.
        let padded = |n: &Number| n.mantissa * 10u128.pow(DIGITS_MAX - digits(n.mantissa));
        let size = magnitude(self).cmp(&magnitude(other)).then_with(|| padded(self).cmp(&padded(other)));
        if self.negative { size.reverse() } else { size }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    /// Without an exponent, as AWS reads every number back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let digits = match u64::try_from(self.mantissa) {
            Ok(small) => small.to_string(),
            Err(_) => self.mantissa.to_string(),
        };
        let fraction = (-self.exponent).max(0) as usize;
        match () {
            () if self.exponent == 0 => write!(f, "{sign}{digits}"),
            () if self.exponent > 0 => write!(f, "{sign}{digits}{:0<width$}", "", width = self.exponent as usize),
            () if fraction >= digits.len() => write!(f, "{sign}0.{digits:0>fraction$}"),
            () => write!(f, "{sign}{}.{}", &digits[..digits.len() - fraction], &digits[digits.len() - fraction..]),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberError::NotNumeric => "The parameter cannot be converted to a numeric value",
            NumberError::Overflow => {
                "Number overflow. Attempting to store a number with magnitude larger than supported range"
            }
            NumberError::Underflow => {
                "Number underflow. Attempting to store a number with magnitude smaller than supported range"
            }
            NumberError::TooPrecise => "Attempting to store more than 38 significant digits in a Number",
        })
    }
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
