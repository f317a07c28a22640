//! 見本. Documents made with a real office suite for this purpose (`scripts/make-samples.sh`), carried in the program.

/// File name and bytes of each.
pub const SAMPLES: [(&str, &[u8]); 7] = [
    ("令和９年度予算要求説明資料.docx", include_bytes!("../../../samples/令和９年度予算要求説明資料.docx")),
    ("令和８年度予算執行状況表.xlsx", include_bytes!("../../../samples/令和８年度予算執行状況表.xlsx")),
    ("防災情報システム更改計画.pptx", include_bytes!("../../../samples/防災情報システム更改計画.pptx")),
    ("調達仕様書（案）.pdf", include_bytes!("../../../samples/調達仕様書（案）.pdf")),
    ("災害対応訓練実施要領.odt", include_bytes!("../../../samples/災害対応訓練実施要領.odt")),
    ("職員名簿.csv", include_bytes!("../../../samples/職員名簿.csv")),
    ("第３回検討会議議事録.docx", include_bytes!("../../../samples/第３回検討会議議事録.docx")),
];
