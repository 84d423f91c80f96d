//! What is stored of people and what is not: short, and true. A change of what we store changes this page in the same commit.

use crate::words;
use web::{City, Page, PageResult, Visit, html};

/// The page.
pub async fn page(visit: Visit, city: City) -> PageResult {
    let lang = visit.lang;
    Ok(Page::new(words::privacy_title(lang)).lead(words::privacy_lead(lang)).style(web::assets::HOME_CSS).body(html! {
        div.plainly {
            section {
                h2 { (words::privacy_not_title(lang)) }
                ul {
                    li { (words::privacy_not_anonymous(lang)) }
                    li { (words::privacy_not_tracking(lang)) }
                    li { (words::privacy_not_counters(lang)) }
                }
            }
            section {
                h2 { (words::privacy_stored_title(lang)) }
                ul {
                    li { (words::privacy_stored_report(lang)) }
                    li { (words::privacy_stored_contact(lang)) }
                    li { (words::privacy_stored_journal(lang)) }
                    li { (words::privacy_stored_looks(lang)) }
                }
            }
            section {
                h2 { (words::privacy_public_title(lang)) }
                p { (words::privacy_public_text(lang)) }
                p { (words::privacy_link_text(lang)) }
            }
            section { h2 { (words::privacy_cookies_title(lang)) } p { (words::privacy_cookies_text(lang)) } }
            section {
                h2 { (words::privacy_contact_title(lang)) }
                p { (words::privacy_contact_text(lang, city.pack.authority.get(lang), &city.pack.hotline)) }
            }
        }
    }))
}
