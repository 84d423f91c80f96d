//! What one may see of the house. A city's roles list these names.

use access::Permission;

/// Read outgoing mail and messages; each reading is logged.
pub const READ_OUTBOX: Permission = Permission("outbox.read");
/// See the pack as it was read.
pub const READ_PACK: Permission = Permission("pack.read");
/// See queue, last commit and waiting messages.
pub const READ_HEALTH: Permission = Permission("health.read");
/// See the seals of the journal.
pub const VERIFY_JOURNAL: Permission = Permission("journal.verify");
