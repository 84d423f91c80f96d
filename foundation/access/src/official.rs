//! An official who has signed in, what she may do, and where: a [`Scope`] is the only key to rows that are not public.

use kernel::Actor;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A named right. The room that owns it declares it as a constant; a city's roles list the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(pub &'static str);

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// An official who has signed in. Only this crate makes one, from a living session; a function that takes an
/// `Official` need not check again who is there.
#[derive(Clone, Debug)]
pub struct Official {
    /// Internal id, never shown.
    pub id: i64,
    /// The name that stands in the journal.
    pub name: String,
    /// What she types to sign in.
    pub sign_in: String,
    /// The unit of her first post, a pack key.
    pub unit: String,
    /// The role of her first post, a pack key.
    pub role: String,
    /// Rises with each change of password, posts or standing: a session of an older generation is dead.
    pub generation: i64,
    /// She came with a one-time password and has to choose her own before anything else.
    pub must_change_password: bool,
    pub(crate) session: i64,
    pub(crate) permissions: Arc<BTreeSet<String>>,
}

impl Official {
    /// Whether one of her posts gives her this right somewhere. Where, says her [`Scope`].
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        !self.must_change_password && self.permissions.contains(permission.0)
    }

    /// The official as the journal writes her.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Official { id: self.id, name: self.name.clone(), unit: self.unit.clone(), role: self.role.clone() }
    }

    /// Her scope for this right; `None` when she has it nowhere. The same as [`scope`].
    #[must_use]
    pub fn scope(&self, permission: Permission) -> Option<Scope> {
        scope(self, permission)
    }
}

/// Where an official may use one right. It has no public constructor: only the authorizer makes it (rule R6), and it
/// goes into the SQL of every query about rows that are not public:
///
/// ```sql
/// … and unit in (select unit_key from access_reach where official_id = $1 and permission = $2)
/// ```
///
/// with `scope.official()` and `scope.permission()` as the two arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    official: i64,
    permission: Permission,
}

impl Scope {
    /// The official's id, an argument of the query.
    #[must_use]
    pub const fn official(&self) -> i64 {
        self.official
    }

    /// The permission's name, an argument of the query.
    #[must_use]
    pub const fn permission(&self) -> &'static str {
        self.permission.0
    }
}

/// The authorizer: the scope of `official` for `permission`, `None` when no post of hers gives it.
#[must_use]
pub fn scope(official: &Official, permission: Permission) -> Option<Scope> {
    official.may(permission).then_some(Scope { official: official.id, permission })
}
