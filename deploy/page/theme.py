"""The page's look as a Gradio theme: ink blue on paper white, a seal red for what needs care, the system's own fonts.

Gradio's components take their colours from the variables of `style.css`, which holds the palette for light and dark.
"""

from gradio.themes import Base, Font
from gradio.themes.utils import colors, sizes

SANS = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
MONO = ("SFMono-Regular", "Consolas", "DejaVu Sans Mono", "Noto Sans CJK SC", "monospace")
INK = colors.Color(
    name="ink", c50="#f2f5f9", c100="#e3eaf2", c200="#c6d4e4", c300="#9db5d0", c400="#6d8db3", c500="#456a96",
    c600="#2d527f", c700="#1f3f68", c800="#193455", c900="#142a45", c950="#0d1c30",
)  # fmt: skip


class Paper(Base):
    """The theme of the page and of the console."""

    def __init__(self) -> None:
        super().__init__(
            primary_hue=INK,
            secondary_hue=INK,
            neutral_hue=colors.stone,
            spacing_size=sizes.spacing_md,
            radius_size=sizes.radius_md,
            text_size=sizes.text_md,
            font=[Font(name) for name in SANS],
            font_mono=[Font(name) for name in MONO],
        )
        self.name = "paper"
        both = {
            "body_background_fill": "var(--lx-paper)",
            "body_text_color": "var(--lx-ink)",
            "body_text_color_subdued": "var(--lx-soft)",
            "background_fill_primary": "var(--lx-sheet)",
            "background_fill_secondary": "var(--lx-wash)",
            "border_color_primary": "var(--lx-line)",
            "border_color_accent": "var(--lx-blue)",
            "color_accent_soft": "var(--lx-tint)",
            "link_text_color": "var(--lx-blue)",
            "link_text_color_hover": "var(--lx-blue)",
            "link_text_color_active": "var(--lx-blue)",
            "link_text_color_visited": "var(--lx-blue)",
            "code_background_fill": "var(--lx-wash)",
            "block_background_fill": "var(--lx-sheet)",
            "block_border_color": "var(--lx-line)",
            "block_info_text_color": "var(--lx-soft)",
            "block_label_background_fill": "transparent",
            "block_label_text_color": "var(--lx-soft)",
            "block_title_text_color": "var(--lx-ink)",
            "panel_background_fill": "var(--lx-sheet)",
            "panel_border_color": "var(--lx-line)",
            "accordion_text_color": "var(--lx-ink)",
            "table_text_color": "var(--lx-ink)",
            "table_border_color": "var(--lx-line)",
            "table_even_background_fill": "var(--lx-sheet)",
            "table_odd_background_fill": "var(--lx-wash)",
            "table_row_focus": "var(--lx-tint)",
            "input_background_fill": "var(--lx-field)",
            "input_background_fill_focus": "var(--lx-field)",
            "input_border_color": "var(--lx-edge)",
            "input_border_color_hover": "var(--lx-edge)",
            "input_border_color_focus": "var(--lx-blue)",
            "input_placeholder_color": "var(--lx-soft)",
            "checkbox_background_color": "var(--lx-field)",
            "checkbox_background_color_selected": "var(--lx-fill)",
            "checkbox_border_color": "var(--lx-edge)",
            "checkbox_border_color_selected": "var(--lx-fill)",
            "checkbox_label_background_fill": "transparent",
            "checkbox_label_background_fill_hover": "var(--lx-wash)",
            "checkbox_label_background_fill_selected": "var(--lx-tint)",
            "checkbox_label_border_color": "var(--lx-edge)",
            "checkbox_label_text_color": "var(--lx-ink)",
            "checkbox_label_text_color_selected": "var(--lx-ink)",
            "button_primary_background_fill": "var(--lx-fill)",
            "button_primary_background_fill_hover": "var(--lx-fill-hover)",
            "button_primary_border_color": "var(--lx-fill)",
            "button_primary_text_color": "#ffffff",
            "button_secondary_background_fill": "var(--lx-sheet)",
            "button_secondary_background_fill_hover": "var(--lx-wash)",
            "button_secondary_border_color": "var(--lx-edge)",
            "button_secondary_text_color": "var(--lx-ink)",
            "button_cancel_background_fill": "var(--lx-sheet)",
            "button_cancel_background_fill_hover": "var(--lx-red-tint)",
            "button_cancel_border_color": "var(--lx-red)",
            "button_cancel_text_color": "var(--lx-red)",
            "error_background_fill": "var(--lx-red-tint)",
            "error_border_color": "var(--lx-red)",
            "error_text_color": "var(--lx-red)",
            "error_icon_color": "var(--lx-red)",
            "loader_color": "var(--lx-blue)",
            "slider_color": "var(--lx-fill)",
            "stat_background_fill": "var(--lx-tint)",
        }
        once = {
            "color_accent": "var(--lx-blue)",
            "block_border_width": "0px",
            "block_label_border_width": "0px",
            "block_shadow": "none",
            "block_radius": "10px",
            "block_padding": "12px",
            "block_label_shadow": "none",
            "block_title_text_weight": "600",
            "checkbox_shadow": "none",
            "checkbox_label_shadow": "none",
            "input_shadow": "none",
            "input_shadow_focus": "0 0 0 3px var(--lx-ring)",
            "input_radius": "8px",
            "button_large_radius": "8px",
            "button_medium_radius": "8px",
            "button_small_radius": "6px",
            "button_large_text_weight": "600",
            "button_medium_text_weight": "500",
            "button_primary_shadow": "none",
            "button_secondary_shadow": "none",
            "button_transition": "background-color 0.15s ease",
            "shadow_drop": "none",
            "shadow_drop_lg": "0 10px 30px rgb(13 28 48 / 14%)",
            "shadow_inset": "none",
            "shadow_spread": "0px",
            "layout_gap": "16px",
            "section_header_text_weight": "600",
        }
        self.set(
            **once, **both, **{f"{name}_dark": value for name, value in both.items() if hasattr(self, f"{name}_dark")}
        )
