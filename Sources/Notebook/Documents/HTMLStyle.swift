extension HTMLRenderer {
  /// The style of a page around its drawings. Being part of XML, it has no "<" and no "&".
  static let style = """
    :root{color-scheme:light dark;--page:#fdfdfc;--ink:#24292f;--soft:#59636e;--rule:#d9dde1;\
    --tint:#f3f4f6;--link:#0a5ea8;--good:#1a7f37;--bad:#c11c28}
    @media (prefers-color-scheme:dark){
    :root{--page:#14171c;--ink:#e2e6ea;--soft:#9aa4af;--rule:#343a43;--tint:#1d2128;\
    --link:#7cbcf0;--good:#4ac26b;--bad:#ff7b72}
    }
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
    body{margin:0;background:var(--page);color:var(--ink);font:1.0625rem/1.6 "Iowan Old Style",\
    "Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif}
    main,footer{max-width:42rem;margin:0 auto;padding:0 1.25rem}
    main{padding-top:2.5rem}
    .wide{position:relative;left:50%;width:min(62rem,100vw - 2.5rem);transform:translateX(-50%)}
    .wide figcaption,.wide details{max-width:39.5rem;margin-left:auto;margin-right:auto}
    p{margin:0 0 1em}
    h1,h2,table,nav,figcaption,summary,.mark,.remark,.pictures p,footer,aside strong\
    {font-family:system-ui,sans-serif}
    h1{font-size:2rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 1rem}
    h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 1rem;padding-top:.75rem;\
    border-top:1px solid var(--rule)}
    a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.15em}
    h2 a{text-decoration:none;color:var(--soft);font-weight:500;margin-right:.3em}
    h2 a:hover{text-decoration:underline}
    nav{font-size:.95rem;margin:2rem 0}
    nav ol{list-style:none;margin:0;padding:0;columns:17rem}
    nav li{padding:.15rem 0;break-inside:avoid}
    nav a{display:flex;gap:.75em;text-decoration:none}
    nav a:hover{text-decoration:underline}
    nav span{color:var(--soft);min-width:2em;font-variant-numeric:tabular-nums}
    .scroll{overflow-x:auto;max-width:100%}
    .equation{margin:1.25rem 0;padding:.25rem 0;max-width:none;\
    margin-right:calc(-1*clamp(0rem,50vw - 22rem,10rem))}
    math{font-family:"STIX Two Math","Cambria Math","Latin Modern Math","DejaVu Math TeX Gyre",math;\
    font-size:1.05em}
    .equation math{width:max-content;margin:0 0 0 1.5rem}
    .aligned mtd{padding:.35em 0}
    .aligned mtd:nth-child(odd){text-align:right}
    .aligned mtd:nth-child(even){text-align:left}
    .aligned mtd:nth-child(odd):not(:first-child){padding-left:2em}
    table{border-collapse:collapse;font-size:.9rem;line-height:1.45;font-variant-numeric:tabular-nums lining-nums;\
    margin:0 0 1.25rem}
    caption{caption-side:bottom;text-align:left;color:var(--soft);font-size:.875rem;padding-top:.5rem}
    th,td{padding:.3rem .8rem;text-align:left;vertical-align:baseline}
    th:first-child,td:first-child{padding-left:0}
    th:last-child,td:last-child{padding-right:0}
    th{font-weight:600}
    thead th{border-bottom:1px solid var(--ink);vertical-align:bottom}
    tbody tr+tr>*{border-top:1px solid var(--rule)}
    .number{text-align:right;white-space:nowrap}
    figure{margin:1.75rem 0 2rem}
    figcaption{color:var(--soft);font-size:.9rem;line-height:1.5;margin-top:.5rem}
    figcaption strong{color:var(--ink);font-weight:600}
    .panels{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1rem 1.5rem}
    .panels svg{flex:1 1 19rem;min-width:0;height:auto}
    .scroll .drawing{display:block;width:100%;height:auto}
    .pictures p{margin:.75rem 0 .25rem;font-size:.85rem;color:var(--soft)}
    .pictures img{display:block;max-width:100%;height:auto;image-rendering:pixelated}
    details{margin-top:.5rem;font-size:.9rem}
    summary{cursor:pointer;color:var(--link);font-size:.85rem}
    details caption{caption-side:top;padding:0 0 .35rem;white-space:nowrap}
    details .scroll{max-height:24rem;overflow:auto;margin-top:.75rem}
    .check,aside{margin:1.25rem 0;padding:.75rem 1rem .8rem;background:var(--tint);\
    border-left:3px solid var(--soft);border-radius:0 .35rem .35rem 0}
    .check>p:last-child,aside>p:last-child{margin-bottom:0}
    .check>p:first-child,aside>p:first-child{margin-bottom:.4rem}
    .check.holds{border-color:var(--good)}
    .check.fails{border-color:var(--bad)}
    .check table{margin:0}
    .check tr+tr>*{border:0}
    .check th{font-weight:400;color:var(--soft)}
    .check th,.check td{padding-top:.1rem;padding-bottom:.1rem}
    .check td{text-align:right}
    .remark{font-size:.85rem;color:var(--soft);margin:.35rem 0 0}
    .mark{font-size:.85em;margin-right:.35em;white-space:nowrap}
    .holds .mark{color:var(--good)}
    .fails .mark{color:var(--bad)}
    .checks{padding-left:1.5rem}
    .checks a{color:inherit;text-decoration-color:var(--rule)}
    footer{margin-top:3rem;padding-bottom:2.5rem;font-size:.85rem;color:var(--soft)}
    footer p{border-top:1px solid var(--rule);padding-top:.75rem}
    code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
    @media print{
    :root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--rule:#bbb;--tint:#f6f6f6;\
    --link:#000;--good:#0a5c22;--bad:#a0101b}
    body{font-size:10.5pt}
    main,footer{max-width:none;padding:0}
    .wide{left:0;width:auto;transform:none}
    .equation{margin-right:0}
    nav,details{display:none}
    figure,.check,aside,tr{break-inside:avoid}
    h2{break-after:avoid}
    .scroll{overflow:visible}
    }
    """
}
