//! One file per thing a person does with reports.
//!
//! Residents: [`report`] (send one), [`follow`] (look by code), [`link`] (the private page), [`list`] (what is published), [`map`] and
//! [`photo`] (pictures for those). Officials: [`queue`], [`glance`] (a report beside it), [`work`] (one report), [`forward`], [`answer`],
//! [`publish`], [`archive`].

pub mod answer;
pub mod archive;
pub mod follow;
pub mod forward;
pub mod glance;
pub mod link;
pub mod list;
pub mod map;
pub mod photo;
pub mod publish;
pub mod queue;
pub mod report;
pub mod standing;
pub mod work;
