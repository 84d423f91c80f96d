//! What posts give: roles and units as this crate needs them, and the two ways to ask.
//!
//! [`Charter::reach`] walks down from a post and lists all that it covers; it is stored, so that a list can be filtered in
//! SQL. [`Charter::covers`] walks up from one unit and decides for it alone. They are written apart on purpose: a test holds
//! them against each other.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// How far a role reaches from its post's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The unit itself.
    Unit,
    /// The unit and everything below it.
    Descendants,
    /// Every unit of the city.
    City,
}

/// A role of the city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// How far it reaches.
    pub reach: Reach,
    /// The names of its permissions.
    pub permissions: BTreeSet<String>,
}

/// A role held in a unit for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The role, a pack key.
    pub role: String,
    /// The unit, a pack key.
    pub unit: String,
    /// The first day.
    pub from: Date,
    /// The last day; `None` when no end is known.
    pub to: Option<Date>,
}

impl Post {
    /// Whether the post is held on this day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The roles and the tree of units that a city's pack declares.
#[derive(Clone, Debug)]
pub struct Charter {
    version: String,
    zone: TimeZone,
    roles: BTreeMap<String, Role>,
    parents: BTreeMap<String, Option<String>>,
    children: BTreeMap<String, Vec<String>>,
}

impl Charter {
    /// The charter of a city's pack.
    #[must_use]
    pub fn of(city: &pack::City) -> Self {
        let reach = |reach| match reach {
            pack::Reach::Unit => Reach::Unit,
            pack::Reach::Descendants => Reach::Descendants,
            pack::Reach::City => Reach::City,
        };
        let role = |role: &pack::Role| {
            (role.key.clone(), Role { reach: reach(role.reach), permissions: role.permissions.iter().cloned().collect() })
        };
        let roles = city.roles.iter().map(role).collect();
        let parents = city.units.all().map(|unit| (unit.key.clone(), unit.parent.clone())).collect();
        Self::new(city.version.clone(), city.zone.clone(), roles, parents)
    }

    /// A charter from its parts: a name for this version, the city's zone, the roles, and each unit with its parent.
    #[must_use]
    pub fn new(
        version: String,
        zone: TimeZone,
        roles: BTreeMap<String, Role>,
        parents: BTreeMap<String, Option<String>>,
    ) -> Self {
        let mut children: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (unit, parent) in &parents {
            if let Some(parent) = parent {
                children.entry(parent.clone()).or_default().push(unit.clone());
            }
        }
        Self { version, zone, roles, parents, children }
    }

    /// The name of this version: reach that was stored under another is stored anew.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The city's day at this moment: posts are held by days.
    #[must_use]
    pub fn day(&self, now: Instant) -> Date {
        now.day(&self.zone)
    }

    /// Whether the city has this role.
    #[must_use]
    pub fn knows_role(&self, role: &str) -> bool {
        self.roles.contains_key(role)
    }

    /// Whether the city has this unit.
    #[must_use]
    pub fn knows_unit(&self, unit: &str) -> bool {
        self.parents.contains_key(unit)
    }

    /// The roles by key.
    #[must_use]
    pub const fn roles(&self) -> &BTreeMap<String, Role> {
        &self.roles
    }

    /// What the posts allow on this day, wherever it is.
    #[must_use]
    pub fn permissions(&self, posts: &[Post], day: Date) -> BTreeSet<String> {
        let held = posts.iter().filter(|post| post.holds_on(day) && self.knows_unit(&post.unit));
        held.filter_map(|post| self.roles.get(&post.role)).flat_map(|role| role.permissions.iter().cloned()).collect()
    }

    /// All pairs of permission and unit that the posts cover on this day.
    #[must_use]
    pub fn reach(&self, posts: &[Post], day: Date) -> BTreeSet<(String, String)> {
        let mut reach = BTreeSet::new();
        for post in posts.iter().filter(|post| post.holds_on(day) && self.knows_unit(&post.unit)) {
            let Some(role) = self.roles.get(&post.role) else { continue };
            let units = self.units_of(role.reach, &post.unit);
            for permission in &role.permissions {
                reach.extend(units.iter().map(|unit| (permission.clone(), unit.clone())));
            }
        }
        reach
    }

    /// The units that a role with this reach covers from `unit`.
    #[must_use]
    pub fn units_of(&self, reach: Reach, unit: &str) -> Vec<String> {
        match reach {
            Reach::Unit => vec![unit.to_owned()],
            Reach::City => self.parents.keys().cloned().collect(),
            Reach::Descendants => self.below(unit),
        }
    }

    /// The unit and everything below it. A circle of parents, which the pack refuses, would end here too.
    fn below(&self, unit: &str) -> Vec<String> {
        let (mut all, mut seen) = (vec![unit.to_owned()], BTreeSet::from([unit.to_owned()]));
        let mut next = 0;
        while next < all.len() {
            for child in self.children.get(&all[next]).into_iter().flatten() {
                if seen.insert(child.clone()) {
                    all.push(child.clone());
                }
            }
            next += 1;
        }
        all
    }

    /// The decision for one row: whether the posts allow `permission` in `unit` on this day.
    #[must_use]
    pub fn covers(&self, posts: &[Post], permission: &str, unit: &str, day: Date) -> bool {
        self.knows_unit(unit)
            && posts.iter().any(|post| {
                post.holds_on(day)
                    && self.knows_unit(&post.unit)
                    && self.roles.get(&post.role).is_some_and(|role| {
                        role.permissions.contains(permission)
                            && match role.reach {
                                Reach::City => true,
                                Reach::Unit => post.unit == unit,
                                Reach::Descendants => self.is_within(unit, &post.unit),
                            }
                    })
            })
    }

    /// Whether `unit` is `top` or stands somewhere below it.
    fn is_within(&self, unit: &str, top: &str) -> bool {
        let mut at = Some(unit);
        for _ in 0..=self.parents.len() {
            match at {
                Some(here) if here == top => return true,
                Some(here) => at = self.parents.get(here).and_then(Option::as_deref),
                None => return false,
            }
        }
        false
    }
}
