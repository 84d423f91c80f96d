//! What works for whom, and what does not yet.

use crate::words;
use web::{City, Page, PageResult, Visit, html};

/// The page.
pub async fn page(visit: Visit, city: City) -> PageResult {
    let lang = visit.lang;
    Ok(Page::new(words::accessibility_title(lang)).lead(words::accessibility_lead(lang)).style(web::assets::HOME_CSS).body(html! {
        div.plainly {
            section {
                h2 { (words::accessibility_works_title(lang)) }
                ul {
                    li { (words::accessibility_works_script(lang)) }
                    li { (words::accessibility_works_keyboard(lang)) }
                    li { (words::accessibility_works_contrast(lang)) }
                    li { (words::accessibility_works_zoom(lang)) }
                    li { (words::accessibility_works_errors(lang)) }
                }
            }
            section {
                h2 { (words::accessibility_limits_title(lang)) }
                ul {
                    li { (words::accessibility_limits_map(lang)) }
                    li { (words::accessibility_limits_photos(lang)) }
                }
            }
            section { h2 { (words::accessibility_contact_title(lang)) } p { (words::accessibility_contact_text(lang, &city.pack.hotline)) } }
        }
    }))
}
