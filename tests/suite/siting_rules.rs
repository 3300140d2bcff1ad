//! The bundled rules, case by case: class of zone × kind of project × day → consequence and rule, reviewed against the
//! field's own tables; and what every rule has to say of itself.

use redline_atlas::atlas::{Date, Feature, LandUse, Value};
use redline_atlas::siting::{Consequence, Rule, Rulebook};
use std::collections::BTreeSet;

use Consequence::{Attention, None as Nothing, Prohibited, Restricted};

fn day(word: &str) -> Date {
    word.parse().unwrap()
}

/// A thing with these fields: `tier=national core=true`.
fn thing(fields: &str) -> Feature {
    let fields: Vec<(&str, &str)> = fields.split_whitespace().filter_map(|field| field.split_once('=')).collect();
    let value = |word: &str| match word.parse::<i64>() {
        Ok(number) => Value::Integer(number),
        Err(_) if word == "true" => Value::Bool(true),
        Err(_) => Value::Text(word.into()),
    };
    let values = fields.iter().map(|(name, word)| ((*name).to_owned(), value(word))).collect();
    Feature { id: "1".into(), shape: None, values }
}

/// The rules that bear, strictest first.
fn bearing(
    theme: &str,
    fields: &str,
    kind: &str,
    land_use: u8,
    as_of: &str,
    activity: Option<u8>,
) -> Vec<&'static Rule> {
    let book = Rulebook::bundled();
    let feature = thing(fields);
    let kind = book.kind(kind).map(|kind| kind.applying_as(activity));
    assert!(book.check(theme).is_some(), "{theme}");
    let kind = kind.as_deref();
    let land_use = match land_use {
        0 => kind.and_then(|kind| kind.usual_land_use()),
        1 => Some(LandUse::First),
        _ => Some(LandUse::Second),
    };
    let found: Vec<String> =
        book.bearing(theme, &feature, kind, land_use, day(as_of)).iter().map(|rule| rule.id.clone()).collect();
    let is_reference = book.check(theme).is_some_and(|check| check.statute.is_some()) && fields != "official";
    let rules = found.iter().filter_map(|id| book.rule(id));
    rules.filter(|rule| rule.reference.is_none_or(|reference| reference == is_reference)).collect()
}

const NOW: &str = "2026-11-01";

/// theme, fields of the zone (`official`: not a computed belt), kind, land class (0: the kind's own), day, consequence, strictest rule
type Case = (&'static str, &'static str, &'static str, u8, &'static str, Consequence, &'static str);

const RED: &str = "redline_zones";
const PLOT: &str = "contaminated_plots";
const SOURCE: &str = "water_sources";
const LIVESTOCK: &str = "livestock_zones";
const FARMLAND: &str = "permanent_basic_farmland";
const URBAN: &str = "urban_development_boundary";

const CASES: &[Case] = &[
    // 2013: grades of the plan, whatever the kind of project
    (RED, "tier=national grade_2013=1", "housing", 0, "2013-08-30", Prohibited, "js2013-1"),
    (RED, "tier=national grade_2013=1", "road", 0, "2016-01-01", Prohibited, "js2013-1"),
    (RED, "tier=control grade_2013=2", "housing", 0, "2016-01-01", Restricted, "js2013-2"),
    (RED, "tier=control grade_2013=二级管控区", "tourism", 0, "2018-06-08", Restricted, "js2013-2"),
    (RED, "tier=national", "housing", 0, "2018-06-08", Restricted, "js2013-untold"),
    (RED, "tier=control", "housing", 0, "2019-05-01", Restricted, "control-before-2020"),
    (RED, "tier=national grade_2013=1", "housing", 0, "2013-08-29", Restricted, "redline-before-2013"),
    // 2018: national red lines
    (RED, "tier=national", "housing", 0, "2018-06-09", Prohibited, "js2018"),
    (RED, "tier=national", "road", 0, "2022-08-15", Prohibited, "js2018"),
    (RED, "tier=国家级生态保护红线", "monitoring_station", 0, "2020-01-08", Prohibited, "js2018"),
    (RED, "tier=control grade_2013=2", "housing", 0, "2020-01-07", Restricted, "js2013-2"),
    // 2020: control areas
    (RED, "tier=control", "housing", 0, "2020-01-08", Restricted, "js2020-control"),
    (RED, "tier=生态空间管控区域", "chemical", 0, "2026-02-28", Restricted, "js2020-control"),
    // 2022: document 142
    (RED, "tier=national", "housing", 0, "2022-08-16", Prohibited, "nat2022-other"),
    (RED, "tier=national", "", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "industry", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "chemical", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "livestock", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "golf", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "mining", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "sewage_works", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "road", 0, "2022-08-16", Restricted, "nat2022-limited"),
    (RED, "tier=national", "rail", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "pipeline", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "power_line", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "flood_control", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "water_supply", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "ecological_restoration", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "monitoring_station", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "tourism", 0, NOW, Prohibited, "nat2022-other"),
    (RED, "tier=national", "archaeology", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "forestry", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national", "resident_facility", 0, NOW, Restricted, "nat2022-limited"),
    (RED, "tier=national core=true", "road", 0, NOW, Prohibited, "nat2022-core"),
    (RED, "tier=national core=true", "housing", 0, NOW, Prohibited, "nat2022-core"),
    // 2026: the measures, and their end
    (RED, "tier=control", "housing", 0, "2026-03-01", Restricted, "js2026-control"),
    (RED, "tier=control", "road", 0, NOW, Restricted, "js2026-control"),
    (RED, "tier=control", "ecological_restoration", 0, "2031-02-28", Restricted, "js2026-control"),
    (RED, "tier=control", "housing", 0, "2031-03-01", Restricted, "control-after-2031"),
    // grades of 2013 alone say nothing since the plan of 2020
    (RED, "grade_2013=1", "housing", 0, "2018-06-08", Prohibited, "js2013-1"),
    (RED, "grade_2013=2", "housing", 0, "2020-01-07", Restricted, "js2013-2"),
    (RED, "grade_2013=1", "housing", 0, "2020-01-08", Prohibited, "redline-grade-only"),
    (RED, "grade_2013=2", "road", 0, NOW, Prohibited, "redline-grade-only"),
    (RED, "name=x", "housing", 0, NOW, Prohibited, "redline-untold"),
    (RED, "tier=something", "monitoring_station", 0, NOW, Prohibited, "redline-untold"),
    // contaminated plots: state × use
    (PLOT, "status=listed", "housing", 0, NOW, Prohibited, "plot-listed-first"),
    (PLOT, "status=listed", "school", 0, NOW, Prohibited, "plot-listed-first"),
    (PLOT, "status=controlling", "hospital", 0, NOW, Prohibited, "plot-listed-first"),
    (PLOT, "status=listed", "office", 0, NOW, Prohibited, "plot-listed-first"),
    (PLOT, "status=listed", "industry", 0, NOW, Prohibited, "plot-listed"),
    (PLOT, "status=listed", "road", 0, NOW, Prohibited, "plot-listed"),
    (PLOT, "status=listed", "", 0, NOW, Prohibited, "plot-listed"),
    (PLOT, "status=listed", "soil_remediation", 0, NOW, Attention, "plot-listed-remediation"),
    (PLOT, "status=contaminated", "housing", 0, NOW, Restricted, "plot-contaminated"),
    (PLOT, "status=detailed", "industry", 0, NOW, Restricted, "plot-contaminated"),
    (PLOT, "status=suspected", "housing", 0, NOW, Restricted, "plot-suspected-first"),
    (PLOT, "status=preliminary", "welfare", 0, NOW, Restricted, "plot-suspected-first"),
    (PLOT, "status=suspected", "community_park", 0, NOW, Restricted, "plot-suspected-class-one"),
    (PLOT, "status=suspected", "farming", 0, NOW, Restricted, "plot-suspected-untold"),
    (PLOT, "status=suspected", "", 0, NOW, Restricted, "plot-suspected-untold"),
    (PLOT, "status=suspected", "warehouse", 0, NOW, Restricted, "plot-suspected-class-two"),
    (PLOT, "status=suspected", "soil_remediation", 0, NOW, Attention, "plot-suspected-remediation"),
    (PLOT, "status=suspected", "warehouse", 1, NOW, Restricted, "plot-suspected-class-one"),
    (PLOT, "status=evaluated", "housing", 0, NOW, Prohibited, "plot-evaluated"),
    (PLOT, "status=removed", "housing", 0, NOW, Attention, "plot-removed"),
    (PLOT, "status=aftercare", "industry", 0, NOW, Attention, "plot-removed"),
    (PLOT, "name=x", "industry", 0, NOW, Prohibited, "plot-untold"),
    (PLOT, "status=listed", "housing", 0, "2019-01-01", Prohibited, "plot-listed-first"),
    // water sources: level × what it does to water
    (SOURCE, "level=primary", "housing", 0, NOW, Prohibited, "source-primary"),
    (SOURCE, "level=primary", "road", 0, NOW, Prohibited, "source-primary"),
    (SOURCE, "level=primary", "", 0, NOW, Prohibited, "source-primary"),
    (SOURCE, "level=一级保护区", "water_supply", 0, NOW, Restricted, "source-primary-related"),
    (SOURCE, "level=primary", "monitoring_station", 0, NOW, Restricted, "source-primary-related"),
    (SOURCE, "level=secondary", "industry", 0, NOW, Prohibited, "source-secondary"),
    (SOURCE, "level=secondary", "livestock", 0, NOW, Prohibited, "source-secondary"),
    (SOURCE, "level=secondary", "hospital", 0, NOW, Prohibited, "source-secondary"),
    (SOURCE, "level=secondary", "housing", 0, NOW, Restricted, "source-secondary-other"),
    (SOURCE, "level=secondary", "road", 0, NOW, Restricted, "source-secondary-other"),
    (SOURCE, "level=quasi", "chemical", 0, NOW, Prohibited, "source-quasi-heavy"),
    (SOURCE, "level=quasi", "electroplating", 0, NOW, Prohibited, "source-quasi-heavy"),
    (SOURCE, "level=quasi", "industry", 0, NOW, Attention, "source-quasi"),
    (SOURCE, "level=quasi", "housing", 0, NOW, Attention, "source-quasi"),
    (SOURCE, "name=x", "housing", 0, NOW, Prohibited, "source-untold"),
    (SOURCE, "level=primary", "housing", 0, "2018-01-01", Prohibited, "source-primary"),
    (SOURCE, "level=primary", "housing", 0, "2017-12-31", Prohibited, "source-2008-primary"),
    (SOURCE, "level=secondary", "industry", 0, "2015-01-01", Prohibited, "source-2008-secondary"),
    (SOURCE, "level=quasi", "chemical", 0, "2008-06-01", Prohibited, "source-2008-quasi"),
    (SOURCE, "level=primary", "water_supply", 0, "2017-12-31", Restricted, "source-2008-primary-related"),
    (SOURCE, "level=secondary", "housing", 0, "2015-01-01", Restricted, "source-2008-secondary-other"),
    (SOURCE, "level=quasi", "housing", 0, "2015-01-01", Attention, "source-2008-quasi-other"),
    (SOURCE, "level=primary", "housing", 0, "2008-05-31", Restricted, "source-before-2008"),
    (PLOT, "status=listed", "housing", 0, "2018-12-31", Restricted, "plot-before-2019"),
    (LIVESTOCK, "class=ban", "livestock", 0, "2013-12-31", Restricted, "livestock-before-2014"),
    ("taihu_third", "", "chemical", 0, NOW, Attention, "taihu-third-discharges"),
    // livestock
    (LIVESTOCK, "class=ban", "livestock", 0, NOW, Prohibited, "livestock-ban"),
    (LIVESTOCK, "class=禁养区", "livestock", 0, "2014-01-01", Prohibited, "livestock-ban"),
    (LIVESTOCK, "class=limit", "livestock", 0, NOW, Restricted, "livestock-limit"),
    (LIVESTOCK, "class=ban", "housing", 0, NOW, Nothing, ""),
    (LIVESTOCK, "class=ban", "aquaculture", 0, NOW, Nothing, ""),
    (LIVESTOCK, "class=ban", "", 0, NOW, Attention, "livestock-kind-untold"),
    // three lines
    (FARMLAND, "", "housing", 0, NOW, Prohibited, "farmland"),
    (FARMLAND, "", "livestock", 0, NOW, Prohibited, "farmland"),
    (FARMLAND, "", "road", 0, NOW, Restricted, "farmland-key"),
    (FARMLAND, "", "waterway", 0, NOW, Restricted, "farmland-key"),
    (FARMLAND, "", "defence", 0, "2020-01-01", Restricted, "farmland-key"),
    (FARMLAND, "", "housing", 0, "2019-12-31", Prohibited, "farmland-1999"),
    (FARMLAND, "", "rail", 0, "2010-01-01", Restricted, "farmland-1999-key"),
    (URBAN, "", "housing", 0, NOW, Restricted, "boundary-urban"),
    (URBAN, "", "industry_light", 0, NOW, Restricted, "boundary-urban"),
    (URBAN, "", "road", 0, NOW, Attention, "boundary-other"),
    (URBAN, "", "housing", 0, "2023-10-07", Nothing, ""),
    ("ecological_control_units", "", "industry", 0, NOW, Attention, "unit"),
    // waters whose surface or reach is met
    ("rivers", "", "housing", 0, NOW, Restricted, "river-channel"),
    ("river_management", "", "housing", 0, NOW, Attention, "river-management"),
    ("river_management", "", "housing", 0, "2017-12-31", Nothing, ""),
    ("river_management", "official", "housing", 0, NOW, Restricted, "river-management-official"),
    ("black_odour_waters", "", "housing", 0, NOW, Attention, "black-odour"),
    ("lakes", "", "tourism", 0, NOW, Restricted, "lake-water"),
    ("lakes", "", "housing", 0, NOW, Prohibited, "lake-fill"),
    ("lakes", "", "chemical", 0, NOW, Prohibited, "lake-fill"),
    ("lakes", "", "water_supply", 0, NOW, Restricted, "lake-water"),
    ("constraint", "", "housing", 0, NOW, Attention, "constraint"),
    // every kind that discharges nitrogen or phosphorus as an industry
    ("taihu_third", "", "pulp", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "tanning", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "brewing", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "dyestuff", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "printing_dyeing", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "electroplating", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "industry_np", 0, NOW, Prohibited, "taihu-third"),
    ("taihu_third", "", "housing", 0, NOW, Nothing, ""),
    ("taihu_third", "", "", 0, NOW, Attention, "taihu-third-kind-untold"),
    ("taihu_shore", "", "industry", 0, NOW, Restricted, "taihu-shore-strict"),
    ("taihu_shore", "", "livestock", 0, NOW, Restricted, "taihu-shore-strict"),
    ("taihu_shore", "", "golf", 0, NOW, Restricted, "taihu-shore-strict"),
    ("taihu_shore", "", "floating_restaurant", 0, NOW, Restricted, "taihu-shore-strict"),
    ("taihu_shore", "", "housing", 0, NOW, Attention, "taihu-shore"),
    ("taihu_shore", "official", "chemical", 0, NOW, Prohibited, "taihu-first-official"),
    ("taihu_shore", "official", "housing", 0, NOW, Attention, "taihu-shore"),
    ("taihu_second", "", "chemical", 0, NOW, Restricted, "taihu-second"),
    ("taihu_second", "", "pharmaceutical", 0, "2008-06-05", Restricted, "taihu-second"),
    ("taihu_second", "", "housing", 0, NOW, Attention, "taihu-second-other"),
    ("taihu_basin_shore", "", "", 0, NOW, Attention, "taihu-basin-shore-kind-untold"),
    ("taihu_basin_upstream", "", "", 0, NOW, Attention, "taihu-basin-upstream-kind-untold"),
    ("yangtze_tailings", "", "", 0, NOW, Attention, "yangtze-tailings-kind-untold"),
    ("yangtze_tributary", "", "", 0, NOW, Attention, "yangtze-tributary-kind-untold"),
    ("taihu_second", "official", "chemical", 0, NOW, Prohibited, "taihu-second-official"),
    ("taihu_second", "official", "aquaculture", 0, NOW, Prohibited, "taihu-second-aquaculture"),
    ("taihu_second", "official", "industry", 0, NOW, Restricted, "taihu-second-outfall"),
    ("taihu_shore", "", "housing", 0, "2008-06-04", Restricted, "taihu-first-before-2008"),
    ("taihu_second", "", "housing", 0, "2008-06-04", Restricted, "taihu-second-before-2008"),
    ("taihu_third", "", "pulp", 0, "2008-06-04", Restricted, "taihu-third-before-2008"),
    ("taihu_basin_shore", "", "pipeline_hazardous", 0, NOW, Restricted, "taihu-basin-shore"),
    ("taihu_basin_shore", "", "livestock", 0, NOW, Restricted, "taihu-basin-shore"),
    ("taihu_basin_shore", "", "hazardous_store", 0, NOW, Restricted, "taihu-basin-shore"),
    ("taihu_basin_shore", "", "golf", 0, "2011-10-31", Nothing, ""),
    ("taihu_basin_upstream", "", "chemical", 0, NOW, Restricted, "taihu-basin-upstream"),
    // the Yangtze act
    ("yangtze_chemical", "", "chemical", 0, "2021-03-01", Restricted, "yangtze-chemical"),
    ("yangtze_chemical", "", "chemical_park", 0, NOW, Restricted, "yangtze-chemical"),
    ("yangtze_chemical", "", "pharmaceutical", 0, NOW, Restricted, "yangtze-chemical"),
    ("yangtze_chemical", "", "chemical", 0, "2021-02-28", Nothing, ""),
    ("yangtze_chemical", "", "", 0, NOW, Attention, "yangtze-kind-untold"),
    ("yangtze_tributary", "", "chemical", 0, NOW, Restricted, "yangtze-tributary-chemical"),
    ("yangtze_tributary", "", "tailings_pond", 0, NOW, Restricted, "yangtze-tributary-tailings"),
    ("yangtze_tailings", "", "tailings_pond", 0, NOW, Restricted, "yangtze-tailings"),
    ("yangtze_tailings", "", "tailings_pond", 0, "2021-02-28", Nothing, ""),
    ("yangtze_chemical", "official", "chemical", 0, NOW, Prohibited, "yangtze-chemical-official"),
    ("yangtze_tributary", "official", "chemical", 0, NOW, Prohibited, "yangtze-tributary-chemical-official"),
    ("yangtze_tributary", "official", "tailings_pond", 0, NOW, Prohibited, "yangtze-tributary-tailings-official"),
    ("yangtze_tailings", "official", "tailings_pond", 0, NOW, Prohibited, "yangtze-tailings-official"),
];

#[test]
fn each_zone_kind_and_day_has_its_consequence_and_rule() {
    for (theme, fields, kind, land_use, as_of, consequence, rule) in CASES {
        let rules = bearing(theme, fields, kind, *land_use, as_of, None);
        let found = rules.first().map_or((Nothing, ""), |rule| (rule.consequence, rule.id.as_str()));
        assert_eq!(found, (*consequence, *rule), "{theme} [{fields}] × {kind} at {as_of}");
    }
}

/// Rules that never come first: they stand beside a stricter one.
const BESIDE: [&str; 1] = ["livestock-ban-basis"];

#[test]
fn every_rule_that_is_on_has_a_case() {
    let reached: BTreeSet<&str> = CASES.iter().map(|case| case.6).chain(BESIDE).collect();
    let rules = Rulebook::bundled().rules.iter().filter(|rule| rule.is_enabled());
    let missing: Vec<&str> = rules.map(|rule| rule.id.as_str()).filter(|id| !reached.contains(id)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn every_rule_names_its_source_and_its_clause_or_says_why_there_is_none() {
    for rule in &Rulebook::bundled().rules {
        for words in [&rule.text, &rule.text_en, &rule.source, &rule.regime] {
            assert!(!words.trim().is_empty(), "{}", rule.id);
        }
        let is_reasoned = !rule.note.trim().is_empty();
        assert!(!rule.clause.trim().is_empty() || is_reasoned, "{}: no clause and no reason", rule.id);
        assert!(rule.effective_from.is_some() || is_reasoned, "{}: no first day and no reason", rule.id);
        assert!(rule.confidence != "low" || !rule.is_enabled(), "{}: low confidence ships off", rule.id);
        let is_hint = rule.consequence == Nothing || rule.consequence == Attention;
        assert!(is_hint || !rule.next_step.trim().is_empty() || !rule.is_enabled(), "{}: no next step", rule.id);
        assert_eq!(rule.next_step.is_empty(), rule.next_step_en.is_empty(), "{}", rule.id);
        assert_eq!(rule.document.is_empty(), rule.document_en.is_empty(), "{}", rule.id);
    }
}

#[test]
fn a_zone_that_was_ever_governed_is_never_without_a_rule() {
    let mut at = day("2008-01-01");
    while at < day("2035-01-01") {
        for (fields, kinds) in [
            ("tier=national grade_2013=1", ["housing", "road"]),
            ("tier=national", ["chemical", "monitoring_station"]),
            ("tier=control grade_2013=2", ["housing", "road"]),
            ("tier=control", ["tourism", ""]),
            ("name=x", ["housing", ""]),
        ] {
            for kind in kinds {
                let rules = bearing(RED, fields, kind, 0, &at.to_string(), None);
                assert!(rules.first().is_some_and(|rule| rule.consequence < Nothing), "{fields} × {kind} at {at}");
            }
        }
        at = at.saturating_add(jiff::Span::new().days(13));
    }
}

#[test]
fn where_rules_conflict_the_strictest_comes_first_and_the_other_is_there_too() {
    let ids = |rules: Vec<&Rule>| rules.iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
    let core = bearing(RED, "tier=national core=true", "road", 0, NOW, None);
    assert_eq!(ids(core), ["nat2022-core", "nat2022-limited"]);
    let both = bearing(RED, "tier=national grade_2013=2", "housing", 0, "2019-05-01", None);
    assert_eq!(ids(both), ["js2018", "js2013-2"]);
    let ban = bearing(LIVESTOCK, "class=ban", "livestock", 0, NOW, None);
    assert_eq!(ids(ban), ["livestock-ban", "livestock-ban-basis"]);
}

#[test]
fn a_limited_activity_asks_for_the_statement_and_none_of_them_forbids() {
    for (kind, activity, consequence) in [
        ("housing", None, Prohibited),
        ("housing", Some(2), Restricted),
        ("road", None, Restricted),
        ("road", Some(6), Restricted),
        ("road", Some(0), Prohibited),
        ("industry", Some(0), Prohibited),
    ] {
        let rules = bearing(RED, "tier=national", kind, 0, NOW, activity);
        assert_eq!(rules[0].consequence, consequence, "{kind} {activity:?}");
        let core = bearing(RED, "tier=national core=true", kind, 0, NOW, activity);
        assert_eq!(core[0].consequence, Prohibited, "{kind} {activity:?} in a core");
    }
}

#[test]
fn the_catalogue_has_the_kinds_that_the_field_names_with_their_attributes() {
    let book = Rulebook::bundled();
    for (code, has, has_not) in [
        ("housing", &["residential_use"][..], &["discharges"][..]),
        ("industry_light", &["urban"], &["discharges", "heavy_pollution"]),
        ("industry", &["discharges"], &["heavy_pollution", "chemical"]),
        ("industry_heavy", &["discharges", "heavy_pollution"], &["chemical"]),
        ("chemical", &["chemical", "hazardous_store", "discharges"], &["np_industry"]),
        ("pulp", &["np_industry", "discharges"], &["chemical"]),
        ("hazardous_store", &["hazardous_store"], &["chemical"]),
        ("livestock", &["livestock", "discharges"], &["urban"]),
        ("tourism", &["tourism"], &["key_infrastructure", "limited_activity"]),
        ("wharf", &["key_infrastructure"], &["limited_activity"]),
        ("pipeline_hazardous", &["linear", "hazardous_store"], &["discharges"]),
        ("road", &["linear", "key_infrastructure"], &["discharges"]),
        ("rail", &["linear", "key_infrastructure"], &[]),
        ("pipeline", &["linear", "key_infrastructure"], &[]),
        ("flood_control", &["key_infrastructure", "limited_activity"], &["discharges"]),
        ("water_supply", &["water_protection"], &["discharges"]),
        ("ecological_restoration", &["limited_activity"], &["discharges"]),
        ("monitoring_station", &["limited_activity", "water_protection"], &["discharges"]),
    ] {
        let kind = book.kind(code).unwrap_or_else(|| panic!("{code}"));
        has.iter().for_each(|attribute| assert!(kind.has(attribute), "{code} {attribute}"));
        has_not.iter().for_each(|attribute| assert!(!kind.has(attribute), "{code} {attribute}"));
    }
    for kind in &book.kinds {
        assert!(!kind.has("limited_activity") || !kind.limited_activity.is_empty(), "{}", kind.code);
        assert!(!kind.has("linear") || kind.limited_activity == [6], "{}", kind.code);
    }
}

#[test]
fn each_regime_begins_on_a_day_on_which_one_of_its_rules_begins() {
    let book = Rulebook::bundled();
    assert_eq!(book.regimes.len(), 5);
    for regime in &book.regimes {
        let begins = |rule: &Rule| rule.regime == regime.id && rule.effective_from == Some(regime.effective_from);
        assert!(book.rules.iter().any(begins), "{}", regime.id);
    }
}

/// What would be told today is told on every day before: where the packs know no rule for a day they say so.
#[test]
fn no_day_of_the_past_is_clear_for_want_of_a_rule() {
    let book = Rulebook::bundled();
    let days = ["2005-01-01", "2008-06-01", "2013-08-29", "2013-08-30", "2014-01-01", "2016-09-01", "2017-12-31"];
    let days = days.into_iter().chain(["2018-06-08", "2018-06-09", "2018-12-31", "2020-01-08", "2022-08-16", NOW]);
    let days: Vec<&str> = days.collect();
    let mut asked = 0;
    for check in book.checks.iter().filter(|check| check.required && !check.inside && check.statute.is_none()) {
        let rules = book.rules.iter().filter(|rule| rule.theme == check.theme);
        let zones: BTreeSet<String> = rules
            .map(|rule| {
                let fields = rule.zone.iter().filter_map(|(field, words)| Some((field, words.first()?)));
                fields.map(|(field, word)| format!("{field}={word}")).collect::<Vec<_>>().join(" ")
            })
            .collect();
        for (zone, kind) in zones.iter().flat_map(|zone| book.kinds.iter().map(move |kind| (zone, kind))) {
            if !check.bears_on(Some(kind), kind.usual_land_use()) {
                continue;
            }
            let strictest = |day: &str| {
                let rules = bearing(&check.theme, zone, &kind.code, 0, day, None);
                rules.first().map_or(Nothing, |rule| rule.consequence)
            };
            if strictest(NOW) == Nothing {
                continue;
            }
            for day in &days {
                asked += 1;
                assert_ne!(strictest(day), Nothing, "{} “{zone}” {} {day}", check.theme, kind.code);
            }
        }
    }
    assert!(asked > 2_000, "{asked}");
}

#[test]
fn an_activity_that_the_kind_of_project_cannot_be_changes_nothing() {
    let claimed = bearing(RED, "tier=national", "housing", 0, NOW, Some(9));
    assert_eq!(claimed.first().map(|rule| rule.consequence), Some(Prohibited));
    let fitting = Rulebook::bundled().kinds.iter().find(|kind| !kind.limited_activity.is_empty()).unwrap();
    let activity = fitting.limited_activity[0];
    assert!(fitting.applying_as(Some(activity)).has("limited_activity") && fitting.may_apply_as(0));
    assert!(!fitting.applying_as(Some(0)).has("limited_activity"));
}
