//! The themes that the product understands.

use serde::{Deserialize, Serialize};

/// What a layer is about; decides its symbols, fields and role in a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// 行政区
    Districts,
    /// 地名
    Places,
    /// 湖泊
    Lakes,
    /// 长江
    Yangtze,
    /// 河道
    Rivers,
    /// 黑臭水体
    BlackOdourWaters,
    /// 生态保护红线与生态空间管控区域
    RedlineZones,
    /// 畜禽养殖分区
    LivestockZones,
    /// 养殖场
    Farms,
    /// 污染地块
    ContaminatedPlots,
    /// 监测断面
    MonitoringSections,
    /// 饮用水水源地
    WaterSources,
    /// 入河排污口
    Outfalls,
    /// 一圈一带一区
    PatternAreas,
    /// 太湖保护区, as the province has drawn it
    TaihuZones,
    /// 长江干支流管控范围, as published
    YangtzeZones,
    /// 河道管理范围, as published
    RiverManagementZones,
    /// 参考范围 of what statutes describe, computed
    StatutoryBelts,
    /// A user's further constraint.
    Constraint,
    /// A user's layer without a theme.
    Other,
}

impl Theme {
    /// The themes of an atlas, in the order in which they are drawn, lowest first.
    pub const ATLAS: [Theme; 14] = [
        Theme::Districts,
        Theme::PatternAreas,
        Theme::LivestockZones,
        Theme::Lakes,
        Theme::Yangtze,
        Theme::WaterSources,
        Theme::RedlineZones,
        Theme::Rivers,
        Theme::BlackOdourWaters,
        Theme::ContaminatedPlots,
        Theme::Farms,
        Theme::Outfalls,
        Theme::MonitoringSections,
        Theme::Places,
    ];

    /// Zones that an authority publishes, of which no part of an atlas is made up; where an office loads them they take
    /// the place of what would be computed.
    pub const OFFICIAL: [Theme; 3] = [Theme::TaihuZones, Theme::YangtzeZones, Theme::RiverManagementZones];

    /// The themes that a file may be used as.
    pub fn usable() -> impl Iterator<Item = Theme> {
        Theme::ATLAS.into_iter().chain(Theme::OFFICIAL).chain([Theme::Constraint, Theme::Other])
    }

    /// Whether a layer of it takes the place of the one before, in a check as on the map.
    pub fn is_single(self) -> bool {
        Theme::ATLAS.contains(&self) || Theme::OFFICIAL.contains(&self)
    }

    /// The word used in files and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Districts => "districts",
            Theme::Places => "places",
            Theme::Lakes => "lakes",
            Theme::Yangtze => "yangtze",
            Theme::Rivers => "rivers",
            Theme::BlackOdourWaters => "black_odour_waters",
            Theme::RedlineZones => "redline_zones",
            Theme::LivestockZones => "livestock_zones",
            Theme::Farms => "farms",
            Theme::ContaminatedPlots => "contaminated_plots",
            Theme::MonitoringSections => "monitoring_sections",
            Theme::WaterSources => "water_sources",
            Theme::Outfalls => "outfalls",
            Theme::PatternAreas => "pattern_areas",
            Theme::TaihuZones => "taihu_zones",
            Theme::YangtzeZones => "yangtze_zones",
            Theme::RiverManagementZones => "river_management_zones",
            Theme::StatutoryBelts => "statutory_belts",
            Theme::Constraint => "constraint",
            Theme::Other => "other",
        }
    }

    /// Reads the word used in files.
    pub fn parse(word: &str) -> Option<Self> {
        Theme::usable().chain([Theme::StatutoryBelts]).find(|theme| theme.code() == word)
    }

    /// Whether it belongs to the base map rather than to the subject.
    pub fn is_base(self) -> bool {
        matches!(self, Theme::Districts | Theme::Places | Theme::Lakes | Theme::Yangtze)
    }
}
