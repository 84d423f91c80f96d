//! Rows. A row is read by position; `row!` makes a struct whose field names are compared with the columns' names, because two
//! `text` columns in the wrong order would otherwise be silent.

use crate::value::{FromV, V};
use crate::{Error, Result};

/// One row while it is being read.
pub struct Row<'r>(pub(crate) Inner<'r>);

pub(crate) enum Inner<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// The value of a column, borrowed.
    ///
    /// # Errors
    /// When there is no such column, or its type is none of the four.
    pub fn v(&self, column: usize) -> Result<V<'_>> {
        match &self.0 {
            Inner::Sqlite(row) => crate::sqlite::column(row, column),
            Inner::Postgres(row) => crate::postgres::column(row, column),
        }
    }

    /// The value of a column in the reader's own type.
    ///
    /// # Errors
    /// When the column holds another type.
    pub fn get<T: FromV>(&self, column: usize) -> Result<T> {
        T::from_v(self.v(column)?).map_err(|expected| Error::Shape(format!("column {column} should be {expected}")))
    }
}

/// A type that a row can be read into: a `row!` struct or a tuple of up to eight.
pub trait FromRow: Sized {
    /// How many columns the statement must have.
    const COUNT: usize;
    /// The columns' names, where the type knows them; compared in debug builds.
    const COLS: &'static [&'static str];
    /// Reads the row.
    ///
    /// # Errors
    /// When a column holds another type.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

/// Declares a struct that a row is read into, field by field in the order of the columns.
///
/// ```
/// db::row! {
///     /// A unit as lists show it.
///     #[derive(Debug)]
///     pub struct Unit { pub key: String, pub open_cases: i64, pub closed_at: Option<kernel::Instant> }
/// }
/// use db::FromRow;
/// assert_eq!(Unit::COLS, ["key", "open_cases", "closed_at"]);
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $t:ty),+ $(,)? }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$fmeta])* $fvis $field: $t,)+ }

        impl $crate::FromRow for $name {
            const COUNT: usize = <Self as $crate::FromRow>::COLS.len();
            const COLS: &'static [&'static str] = &[$(stringify!($field)),+];
            fn from_row(row: &$crate::Row<'_>) -> $crate::Result<Self> {
                let mut at = 0..;
                $(let $field = row.get::<$t>(at.next().unwrap_or(usize::MAX))?;)+
                Ok(Self { $($field,)+ })
            }
        }
    };
}

macro_rules! tuples {
    ($($count:literal: $($t:ident $n:tt),+;)+) => { $(
        impl<$($t: FromV),+> FromRow for ($($t,)+) {
            const COUNT: usize = $count;
            const COLS: &'static [&'static str] = &[];
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.get::<$t>($n)?,)+))
            }
        }
    )+ };
}
tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

/// The name of a statement's column.
pub(crate) type Name<'n> = &'n dyn Fn(usize) -> Option<String>;
/// Judges a statement's columns, by their count and names, before its rows are read.
pub(crate) type Check<'c> = &'c dyn Fn(usize, Name<'_>) -> Result<()>;

/// Whether the statement's columns are those that `T` reads.
pub(crate) fn check<T: FromRow>(count: usize, name: Name<'_>) -> Result<()> {
    if count != T::COUNT {
        return Err(Error::Shape(format!("the statement has {count} columns, {} are read", T::COUNT)));
    }
    if cfg!(debug_assertions) {
        for (i, expected) in T::COLS.iter().enumerate() {
            let found = name(i).unwrap_or_default();
            // `returning` and plain expressions without `as` have engine-made names: an unnamed column is a mistake too.
            if found != *expected {
                return Err(Error::Shape(format!("column {i} is `{found}`, the field is `{expected}`")));
            }
        }
    }
    Ok(())
}
