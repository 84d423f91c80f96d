-- A ward's reports of one category: the walk along the ward alone passed over thirty entries for each that it wanted, and over all of
-- them where hardly any was. The ward's own index no longer bears the category.
create index cases_published_area_category on cases (area, category, published_at, id, public_state, kind) where published_at is not null and confidentiality = 0;
drop index cases_published_area;
create index cases_published_area on cases (area, published_at, id, public_state, kind) where published_at is not null and confidentiality = 0;
