//! What stands beside a computed verdict: words of persons, limited activities, rules that do not apply, and the
//! difference between two days.

use super::siting::{atlas, day, layer, rect, site, town};
use redline_atlas::atlas::{LimitedActivity, Override, Ruling, Site, Theme};
use redline_atlas::siting::{
    Cause, Comparison, Consequence, Grade, Ground, Idle, Question, Rulebook, Verdict, check, compare, screen,
};
use redline_atlas::text::{Language, Text, rules};

const NOW: &str = "2026-11-01";

fn judge(site: &Site, as_of: &str) -> Verdict {
    check(site, &Ground::new(&atlas(town())), Rulebook::bundled(), &Question::on(day(as_of)))
}

/// A project inside the national red line of the town.
fn inside(kind: &str) -> Site {
    Site { kind: kind.into(), ..site(rect(120.105, 31.105, 0.003, 0.002)) }
}

fn word(verdict: &Verdict, consequence: Ruling) -> Override {
    let finding = verdict.of_theme("redline_zones").next().unwrap();
    Override {
        theme: finding.theme.clone(),
        layer: "生态红线".into(),
        feature_id: finding.feature_id.clone(),
        rule: finding.rule.as_ref().unwrap().id.clone(),
        overlap_m2: finding.overlap_m2,
        consequence,
        author: "示例人员".into(),
        reason: "实地核界在线外".into(),
        date: day("2026-10-30"),
    }
}

#[test]
fn an_override_stands_beside_the_computed_consequence() {
    let mut site = inside("housing");
    let computed = judge(&site, NOW);
    assert_eq!((computed.verdict, computed.verdict_with_overrides), (Grade::Prohibited, None));
    site.overrides = vec![word(&computed, Ruling::Attention)];
    let verdict = judge(&site, NOW);
    let finding = verdict.of_theme("redline_zones").next().unwrap();
    assert_eq!((finding.consequence, finding.decided()), (Consequence::Prohibited, Consequence::Attention));
    assert_eq!((verdict.verdict, verdict.verdict_with_overrides), (Grade::Prohibited, Some(Grade::Attention)));
    let document = serde_json::to_value(&verdict).unwrap();
    let finding = document["findings"].as_array().unwrap().iter().find(|one| one["theme"] == "redline_zones").unwrap();
    let wanted = serde_json::json!({"author": "示例人员", "reason": "实地核界在线外", "date": "2026-10-30",
        "consequence": "attention"});
    assert_eq!((&finding["override"], &finding["consequence"]), (&wanted, &"prohibited".into()));
    assert_eq!(
        (&document["verdict"], &document["verdict_with_overrides"]),
        (&"prohibited".into(), &"attention".into())
    );
    let said = redline_atlas::text::siting::finding_sentence(&verdict.findings[0], Text::of(Language::Zh));
    assert!(said.contains("禁止") && said.contains("示例人员") && said.contains("实地核界在线外"), "{said}");
}

#[test]
fn an_override_lapses_when_ground_or_rule_is_another() {
    let mut site = inside("housing");
    let given = word(&judge(&site, NOW), Ruling::None);
    site.overrides = vec![given.clone()];
    let wider = Site { shape: geo::MultiPolygon(vec![rect(120.105, 31.105, 0.004, 0.002)]), ..site.clone() };
    let other_rule = Site { kind: "road".into(), ..site.clone() };
    for changed in [wider, other_rule] {
        let verdict = judge(&changed, NOW);
        assert_eq!((verdict.verdict_with_overrides, verdict.lapsed_overrides.len()), (None, 1));
        assert!(verdict.findings.iter().all(|finding| finding.overridden.is_none()));
    }
    let still = judge(&site, NOW);
    assert!(still.lapsed_overrides.is_empty() && still.verdict_with_overrides.is_some());
    let elsewhere = Override { layer: "另一图层".into(), ..given };
    assert_eq!(judge(&Site { overrides: vec![elsewhere], ..site }, NOW).lapsed_overrides.len(), 1);
}

#[test]
fn an_unchecked_theme_stays_unchecked_whatever_is_overridden() {
    let mut layers = town();
    layers.retain(|layer| layer.theme != Theme::WaterSources);
    let ground = Ground::new(&atlas(layers));
    let mut site = inside("housing");
    let question = Question::on(day(NOW));
    let computed = check(&site, &ground, Rulebook::bundled(), &question);
    site.overrides = vec![word(&computed, Ruling::None)];
    let verdict = check(&site, &ground, Rulebook::bundled(), &question);
    assert_eq!(verdict.verdict_with_overrides, Some(Grade::Unchecked));
}

#[test]
fn a_limited_activity_is_told_with_its_document_and_is_never_a_permission() {
    let housing = inside("housing");
    assert_eq!(judge(&housing, NOW).verdict, Grade::Prohibited);
    let applying = |kind| Site { limited_activity: Some(LimitedActivity { kind, answers: vec![] }), ..housing.clone() };
    for (kind, grade) in [(2, Grade::Restricted), (10, Grade::Restricted), (0, Grade::Prohibited)] {
        let verdict = judge(&applying(kind), NOW);
        assert_eq!(verdict.verdict, grade, "{kind}");
        let named = verdict.limited_activity.as_ref().unwrap();
        assert_eq!(named.kind, kind);
        for language in [Language::Zh, Language::En] {
            let said = rules::activity_sentence(named, Text::of(language));
            let reserves = ["本工具不作认定", "This program does not decide it"];
            assert!(reserves.iter().any(|words| said.contains(words)) && !said.contains('{'), "{said}");
        }
    }
    // what housing cannot be changes nothing, and is told
    let verdict = judge(&applying(9), NOW);
    let named = verdict.limited_activity.as_ref().unwrap();
    assert_eq!((verdict.verdict, named.fits_project), (Grade::Prohibited, false));
    assert!(rules::activity_sentence(named, Text::of(Language::Zh)).contains("结论未按此判断"));
    let question = Question { limited_activity: Some(6), ..Question::on(day(NOW)) };
    let verdict = check(&inside("road"), &Ground::new(&atlas(town())), Rulebook::bundled(), &question);
    let document = serde_json::to_value(&verdict).unwrap();
    assert_eq!(document["limited_activity"]["kind"], 6);
    for field in ["title", "document", "authority", "source", "clause"] {
        assert!(document["limited_activity"][field].as_str().is_some_and(|words| !words.is_empty()), "{field}");
    }
    assert!(document["limited_activity"]["answers"].is_array());
}

#[test]
fn rules_that_speak_and_do_not_apply_are_told_with_the_reason() {
    let verdict = judge(&inside("housing"), "2022-01-01");
    let idle: Vec<_> = verdict.not_applied.iter().map(|rule| (rule.rule.as_str(), rule.reason)).collect();
    assert!(idle.contains(&("nat2022-other", Idle::NotBegun)), "{idle:?}");
    let at_source = Site { kind: "housing".into(), ..site(rect(120.102, 31.402, 0.003, 0.002)) };
    let verdict = judge(&at_source, NOW);
    let off = verdict.not_applied.iter().find(|rule| rule.reason == Idle::Off).unwrap();
    assert_eq!(off.rule, "source-code");
    let said = rules::not_applied_sentences(&verdict, Text::of(Language::Zh)).join("\n");
    assert!(said.contains("待核实") && said.contains("与此类项目无关"), "{said}");
}

#[test]
fn an_answer_is_valid_no_longer_than_its_rules_and_layers() {
    let until = |verdict: Verdict| verdict.valid_until.to_string();
    let control = |as_of| judge(&Site { kind: "housing".into(), ..site(rect(120.205, 31.105, 0.003, 0.002)) }, as_of);
    // the rule of 2020 ends on 28 February 2026
    assert_eq!(until(control("2026-02-01")), "2026-02-28");
    assert_eq!(until(control("2026-03-01")), "2026-05-30");
    // document 142 begins on 16 August 2022
    assert_eq!(until(judge(&inside("road"), "2022-07-01")), "2022-08-15");
    let mut atlas = atlas(town());
    atlas.manifest.layers[0].valid_until = Some(day("2026-11-30"));
    let screening = screen(&[inside("housing")], &Ground::new(&atlas), Rulebook::bundled(), &Question::on(day(NOW)));
    assert_eq!(screening.valid_until.to_string(), "2026-11-30");
}

fn between(site: Site, now: &str, then: &str) -> Comparison {
    compare(&[site], &Ground::new(&atlas(town())), Rulebook::bundled(), &Question::on(day(now)), day(then))
}

#[test]
fn the_difference_between_two_days_names_finding_rule_and_cause() {
    // chemical works near the Yangtze: the act of 2021 is what is new
    let works = Site { kind: "chemical".into(), ..site(rect(120.5, 31.975, 0.003, 0.002)) };
    let told = between(works.clone(), NOW, "2020-12-01");
    let one = &told.sites[0];
    assert_eq!((one.verdict, one.verdict_then), (Grade::Restricted, Grade::Attention));
    let new = one.new.iter().find(|new| new.theme == "yangtze_chemical").unwrap();
    assert_eq!(
        (new.consequence, new.cause, new.effective_from),
        (Consequence::Restricted, Cause::Rule, Some(day("2021-03-01")))
    );
    assert_eq!(new.rule.as_ref().unwrap().id, "yangtze-chemical");
    // the measures of 2026 take the place of the plan of 2020
    let area = Site { kind: "housing".into(), ..site(rect(120.205, 31.105, 0.003, 0.002)) };
    let told = between(area, "2026-03-01", "2026-02-28");
    let changed = &told.sites[0].changed[0];
    let ids = [&changed.rule_then, &changed.rule].map(|rule| rule.as_ref().unwrap().id.clone());
    assert_eq!((ids, changed.cause), (["js2020-control".to_owned(), "js2026-control".to_owned()], Cause::Rule));
    let told = between(works.clone(), NOW, "2020-12-01");
    assert!(told.rules_new.iter().any(|rule| rule.id == "yangtze-chemical"));
    // and the other way round it is what is gone
    let back = between(works, "2020-12-01", NOW);
    assert!(back.rules_gone.iter().any(|rule| rule.id == "yangtze-chemical"));
    assert_eq!((back.sites[0].verdict, back.sites[0].verdict_then), (Grade::Attention, Grade::Restricted));
    // a zone that ended between the days
    let told = between(Site { kind: "housing".into(), ..site(rect(120.305, 31.105, 0.003, 0.002)) }, NOW, "2020-06-01");
    let gone = &told.sites[0].gone[0];
    assert_eq!((gone.cause, gone.effective_to.is_some()), (Cause::Feature, true));
    assert_eq!((told.sites[0].verdict, told.sites[0].verdict_then), (Grade::Clear, Grade::Prohibited));
    assert_eq!((told.features_new, told.features_gone), (0, 1));
    assert!(
        told.undated_layers.contains(&"污染地块".to_owned()) && !told.undated_layers.contains(&"生态红线".to_owned())
    );
}

#[test]
fn between_equal_days_nothing_is_different() {
    let told = between(inside("road"), NOW, NOW);
    let one = &told.sites[0];
    assert!(one.new.is_empty() && one.gone.is_empty() && one.changed.is_empty() && one.themes.is_empty());
    assert!(told.rules_new.is_empty() && told.rules_gone.is_empty());
    let said = rules::comparison_sentences(&told, &|theme| theme.to_owned(), Text::of(Language::Zh)).join("\n");
    assert!(said.contains("没有差别"), "{said}");
}

#[test]
fn a_rule_of_the_office_and_one_of_the_program_are_both_shown_the_strictest_first() {
    let pack = |consequence: &str| {
        format!(
            "[pack]\nid=\"office\"\nversion=\"1\"\ntitle=\"示例\"\ntitle_en=\"Example\"\n[[rule]]\nid=\"office-1\"\n\
             theme=\"redline_zones\"\nregime=\"office\"\ntext=\"示例条文\"\ntext_en=\"Example\"\nsource=\"示例文件\"\n\
             confidence=\"text\"\nconsequence=\"{consequence}\"\n"
        )
    };
    let ground = Ground::new(&atlas(town()));
    for (consequence, first, grade) in
        [("prohibited", "office-1", Grade::Prohibited), ("attention", "nat2022-limited", Grade::Restricted)]
    {
        let mut book = Rulebook::read_bundled().unwrap();
        book.add("office.toml", &pack(consequence)).unwrap();
        let verdict = check(&inside("road"), &ground, &book, &Question::on(day(NOW)));
        let finding = verdict.of_theme("redline_zones").next().unwrap();
        assert_eq!((finding.rule.as_ref().unwrap().id.as_str(), verdict.verdict), (first, grade));
        assert_eq!(finding.further_rules.len(), 1);
    }
}

#[test]
fn the_wording_names_layer_project_area_overlap_and_clause() {
    let text = Text::of(Language::Zh);
    let said = |verdict: &Verdict, theme: &str| {
        let check = verdict.checks.iter().find(|check| check.theme == theme).unwrap();
        redline_atlas::text::siting::theme_statement(check, verdict, text)
    };
    let verdict = judge(&inside("housing"), NOW);
    let involved = said(&verdict, "redline_zones");
    for words in [
        "经套合生态红线",
        "示例项目用地范围(面积",
        "涉及",
        "1处",
        "平方米",
        "亩",
        "100.00%",
        "依据自然资发〔2022〕142号",
    ] {
        assert!(involved.contains(words), "{words}: {involved}");
    }
    let apart = said(&verdict, "water_sources");
    assert!(apart.contains("不涉及饮用水水源保护区") && apart.contains("最近为") && apart.contains('米'), "{apart}");
    let edge = judge(&Site { kind: "housing".into(), ..site(rect(120.12, 31.105, 0.003, 0.002)) }, NOW);
    assert!(said(&edge, "redline_zones").contains("重合或紧邻"), "{}", said(&edge, "redline_zones"));
    let mut layers = town();
    layers.retain(|layer| layer.theme != Theme::WaterSources);
    layers.push(layer(90, Theme::WaterSources, "空", vec![]));
    let empty = check(&inside("housing"), &Ground::new(&atlas(layers)), Rulebook::bundled(), &Question::on(day(NOW)));
    assert!(said(&empty, "water_sources").contains("未核查"));
}
