//! What one may do with reports. A city's roles list these names.

use access::Permission;

/// See the reports of one's units, and the queue.
pub const READ: Permission = Permission("report.read");
/// Sort a report that no rule routes, and put away what cannot be handled.
pub const TRIAGE: Permission = Permission("report.triage");
/// Hand a report to another unit, with a due date.
pub const FORWARD: Permission = Permission("report.forward");
/// Take a report on and write its answer.
pub const ANSWER: Permission = Permission("report.answer");
/// Answer in the city's name and make public.
pub const PUBLISH: Permission = Permission("report.publish");
/// Open the reporter's contact; each look is logged.
pub const CONTACT: Permission = Permission("report.contact");
