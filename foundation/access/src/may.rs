//! The permissions about officials themselves. Each room declares its own like this.

use crate::Permission;

/// See the officials, their roles and units.
pub const READ_OFFICIALS: Permission = Permission("official.read");
/// Add and disable officials, give and end their posts. Who holds it works under the shorter idle limit.
pub const MANAGE_OFFICIALS: Permission = Permission("official.manage");
/// See who looked at whose personal data, all over the city.
pub const READ_LOOKS: Permission = Permission("looks.read");

/// All of them, for the table of roles by permissions.
pub const ALL: &[Permission] = &[READ_OFFICIALS, MANAGE_OFFICIALS, READ_LOOKS];
