//! Values that cannot leak by accident (rule R6): no `Display`, no `Serialize`, and a `Debug` that says nothing.
//!
//! A struct of personal fields is declared with [`personal!`](crate::personal); its declaration lists every field, so that the canary
//! test plants one in each, also in fields that are added later.

use std::fmt;

/// A personal value. It is opened with [`Private::open`], which reads as what it is, and nowhere by formatting.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Closes a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: for sealing, for a message to its owner, for an official whose look is logged.
    pub const fn open(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(…)")
    }
}

/// A set of personal fields that belong to one person in one place.
pub trait Personal: Sized {
    /// Where the values rest, for the record of processing: a table or a sealed payload.
    const PLACE: &'static str;
    /// The names of all fields, in order.
    const FIELDS: &'static [&'static str];
    /// Builds the set from `value(field)`.
    fn from_fields(value: impl FnMut(&'static str) -> Option<String>) -> Self;
    /// The fields that hold something, by name.
    fn fields(&self) -> Vec<(&'static str, &str)>;

    /// One canary in each field, recognisable anywhere: `cn-<place>-<field>-<n>`.
    #[must_use]
    fn canary(n: u32) -> Self {
        Self::from_fields(|field| Some(canary_of(Self::PLACE, field, n)))
    }
}

/// The canary of one field.
#[must_use]
pub fn canary_of(place: &str, field: &str, n: u32) -> String {
    format!("cn-{place}-{field}-{n}")
}

/// Declares a struct whose fields are all `Option<Private<String>>`.
///
/// ```
/// kernel::personal! {
///     /// How the reporter can be reached.
///     pub struct Contact in "report" {
///         /// Full name as written.
///         name,
///         /// Telephone number in E.164.
///         phone,
///     }
/// }
/// use kernel::Personal;
/// assert_eq!(Contact::FIELDS, ["name", "phone"]);
/// ```
#[macro_export]
macro_rules! personal {
    ($(#[$meta:meta])* $vis:vis struct $name:ident in $place:literal { $($(#[$fmeta:meta])* $field:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        $vis struct $name { $($(#[$fmeta])* pub $field: Option<$crate::Private<String>>,)+ }

        impl $crate::Personal for $name {
            const PLACE: &'static str = $place;
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),+];
            fn from_fields(mut value: impl FnMut(&'static str) -> Option<String>) -> Self {
                Self { $($field: value(stringify!($field)).map($crate::Private::new),)+ }
            }
            fn fields(&self) -> Vec<(&'static str, &str)> {
                let mut all = Vec::new();
                $(if let Some(value) = &self.$field { all.push((stringify!($field), value.open().as_str())); })+
                all
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    personal! {
        /// Two fields for the test.
        struct Sample in "sample" {
            /// A name.
            name,
            /// A number.
            phone,
        }
    }

    #[test]
    fn a_canary_stands_in_every_field_and_debug_shows_none() {
        let sample = Sample::canary(7);
        assert_eq!(sample.fields(), [("name", "cn-sample-name-7"), ("phone", "cn-sample-phone-7")]);
        assert!(!format!("{sample:?}").contains("cn-"), "a private value was printed");
    }
}
