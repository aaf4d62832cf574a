//! What can go wrong in arithmetic.

/// A text or a float that is no number certinet can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArithError {
    /// The text is none of the accepted forms.
    #[error("'{text}' is not a number: accepted are 7, -2/3, 0.001, 1e-3, 2^-20")]
    NotANumber {
        /// The text, cut to 60 characters.
        text: String,
    },
    /// A denominator is 0.
    #[error("a denominator is zero: accepted are fractions p/q with q not 0")]
    ZeroDenominator,
    /// An exponent or a text is beyond what is read.
    #[error("a number is too large: exponents go to 100000, texts to a million characters")]
    TooLarge,
    /// A denominator is no power of two where a dyadic number is needed.
    #[error("{text} is not dyadic: accepted are fractions whose denominator is a power of two")]
    NotDyadic {
        /// The number, cut to 60 characters.
        text: String,
    },
    /// NaN or an infinity.
    #[error("a number is NaN or infinite: accepted are finite numbers")]
    NotFinite,
}
