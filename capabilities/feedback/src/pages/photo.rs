//! Photos of a report: to everybody those that an official ticked, to the holder of the link the own ones, to officials all of hers.

use crate::refusal::Refusal;
use crate::report::{KIND, LINK};
use crate::{may, store};
use access::Official;
use db::Lane;
use files::Hash;
use kernel::Token;
use web::{City, Page, PageResult, Path, Trouble};

/// `GET /r/{code}/photo/{hash}`
pub async fn public(city: City, Path((code, hash)): Path<(String, String)>) -> PageResult {
    let (code, hash) =
        (crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?, Hash::parse(&hash).ok_or(Trouble::NotFound)?);
    let wanted = hash.clone();
    let shown = city.read(Lane::Comfort, move |rd| store::shows_photo(rd, &code, wanted.as_str())).await?;
    if shown { bytes(&city, hash).await } else { Err(Trouble::NotFound) }
}

/// `GET /f/{token}/photo/{hash}`
pub async fn own(city: City, Path((token, hash)): Path<(String, String)>) -> PageResult {
    let (token, hash) = (Token::parse(&token).ok_or(Trouble::NotFound)?, Hash::parse(&hash).ok_or(Trouble::NotFound)?);
    let wanted = hash.clone();
    let has = city
        .read(Lane::Duty, move |rd| -> Result<bool, Refusal> {
            let (case, _) = cases::by_link(rd, &token.digest(LINK), LINK)?.ok_or(Refusal::NotFound)?;
            Ok(cases::papers(rd, case.id)?.iter().any(|paper| paper.file.as_deref() == Some(wanted.as_str())))
        })
        .await?;
    if has { bytes(&city, hash).await } else { Err(Trouble::NotFound) }
}

/// `GET /desk/reports/{code}/photo/{hash}`
pub async fn desk(by: Official, city: City, Path((code, hash)): Path<(String, String)>) -> PageResult {
    let scope = by.scope(may::READ).ok_or(Trouble::NotFound)?;
    let (code, hash) =
        (crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?, Hash::parse(&hash).ok_or(Trouble::NotFound)?);
    let wanted = hash.clone();
    let has = city
        .read(Lane::Duty, move |rd| -> Result<bool, Refusal> {
            let case = cases::find(rd, &scope, &code)?.filter(|case| case.kind == KIND).ok_or(Refusal::NotFound)?;
            Ok(cases::papers(rd, case.id)?.iter().any(|paper| paper.file.as_deref() == Some(wanted.as_str())))
        })
        .await?;
    if has { bytes(&city, hash).await } else { Err(Trouble::NotFound) }
}

async fn bytes(city: &City, hash: Hash) -> PageResult {
    let bytes = city.files.read(&hash).await?.ok_or(Trouble::NotFound)?;
    Ok(Page::bytes("image/jpeg", bytes, None))
}
