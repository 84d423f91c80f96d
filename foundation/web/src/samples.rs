//! The page of samples: every part once, in both languages and both lights.

use crate::{Doors, Limits, Page, PageResult, Pass, Visit, html};

/// Its door.
#[must_use]
pub fn doors() -> Doors {
    Doors::new().get("/samples", Pass::Anyone, Limits::PAGE, "Every part of our pages, once.", page)
}

async fn page(visit: Visit) -> PageResult {
    Ok(Page::new("Samples").body(html! { p { (visit.lang.tag()) } }))
}
