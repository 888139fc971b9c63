extension HTMLPage {
  /// The style of a page around its drawings. It is part of XML, so it has no "<" and no "&".
  static let style = """
    :root{color-scheme:light dark;--page:#fdfdfc;--ink:#24292f;--soft:#59636e;--rule:#d9dde1;\
    --tint:#f3f4f6;--link:#0a5ea8;--good:#1a7f37;--bad:#c11c28;--shade:rgba(20,30,40,.28);\
    --keyword:#7a3fb5;--type:#0a5ea8;--literal:#1a6b3c;--digits:#8f4700}
    @media (prefers-color-scheme:dark){
    :root{--page:#14171c;--ink:#e2e6ea;--soft:#9aa4af;--rule:#343a43;--tint:#1d2128;\
    --link:#7cbcf0;--good:#4ac26b;--bad:#ff7b72;--shade:rgba(190,205,220,.34);\
    --keyword:#d2a8ff;--type:#7cbcf0;--literal:#8fd19e;--digits:#f0b072}
    }
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    body{margin:0;background:var(--page);color:var(--ink);font:1.0625rem/1.6 "Iowan Old Style",\
    "Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif}
    main,header,footer{max-width:42rem;margin:0 auto;padding:0 1.25rem}
    main{padding-top:1.5rem;overflow-wrap:break-word}
    .wide{position:relative;left:50%;width:min(62rem,100vw - 2.5rem);transform:translateX(-50%)}
    .wide figcaption,.wide details{max-width:39.5rem;margin-left:auto;margin-right:auto}
    p,ul,ol,dl{margin:0 0 1em}
    ul,ol{padding-left:1.4em}
    li{margin:.25em 0}
    li>p{margin:.5em 0}
    hr{border:0;border-top:1px solid var(--rule);margin:2rem 0}
    blockquote{margin:0 0 1em;padding-left:1rem;border-left:3px solid var(--rule);color:var(--soft)}
    h1,h2,h3,h4,table,nav,figcaption,summary,span.mark,strong.mark,.remark,.source,.checks,.failed,.pictures p,footer,\
    aside strong{font-family:system-ui,sans-serif}
    h1{font-size:2rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 1rem}
    h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 1rem;padding-top:.75rem;\
    border-top:1px solid var(--rule)}
    h3,h4{font-size:1.08rem;line-height:1.35;margin:2rem 0 .75rem}
    a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.15em}
    h2 a,h3 a,h4 a{color:inherit;text-decoration:none}
    h2 a:hover,h3 a:hover,h4 a:hover{text-decoration:underline}
    .section{color:var(--soft);font-weight:500;margin-right:.2em}
    .source{font-size:.85rem;margin-top:-.6rem;color:var(--soft)}
    .remark{font-size:.95rem;padding:.6rem .9rem;background:var(--tint);border-radius:.35rem}
    nav{font-size:.95rem}
    .contents{margin:2rem 0}
    .contents ol{list-style:none;margin:0;padding:0;columns:17rem}
    .contents li{margin:0;padding:.2rem 0;break-inside:avoid}
    .contents a{display:flex;gap:.75em;text-decoration:none}
    .contents a:hover{text-decoration:underline}
    .contents .section{min-width:2.3em;flex:none;margin:0;font-variant-numeric:tabular-nums}
    .pages{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between;\
    padding:1rem 0;font-size:.85rem}
    .pages a{padding:.25rem 0}
    .pages .next{margin-left:auto;text-align:right}
    .scroll{--base:var(--page);overflow-x:auto;width:min-content;min-width:100%;\
    max-width:calc(100% + clamp(0rem,50vw - 22rem,10rem));\
    background:linear-gradient(to right,var(--base) 35%,transparent) -1px 0/2.7rem 100%,\
    linear-gradient(to left,var(--base) 35%,transparent) calc(100% + 1px) 0/2.7rem 100%,\
    linear-gradient(to right,var(--shade),transparent) left/.9rem 100%,\
    linear-gradient(to left,var(--shade),transparent) right/.9rem 100%,var(--base);\
    background-repeat:no-repeat;background-attachment:local,local,scroll,scroll,scroll}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    figure .scroll,details .scroll{max-width:100%}
    .equation{margin:1.25rem 0;padding:.25rem 0}
    math{font-family:"STIX Two Math","Cambria Math","Latin Modern Math","DejaVu Math TeX Gyre",math;\
    font-size:1em}
    .equation math{font-size:1.05em;width:max-content;margin:0 0 0 clamp(0rem,5vw - 1.25rem,1.5rem)}
    .aligned mtd{padding:.35em 0}
    .aligned mtd:nth-child(odd){text-align:right}
    .aligned mtd:nth-child(even){text-align:left}
    .aligned mtd:nth-child(odd):not(:first-child){padding-left:2em}
    code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    code{font-size:.88em;overflow-wrap:anywhere}
    .word{white-space:nowrap}
    pre{font-size:.94rem;line-height:1.5;margin:0 0 1.25rem;padding:.8rem 1rem;border-radius:.35rem;\
    tab-size:2;font-variant-ligatures:none}
    pre.scroll{--base:var(--tint)}
    .k{color:var(--keyword)}
    .t{color:var(--type)}
    .s{color:var(--literal)}
    .n{color:var(--digits)}
    .c{color:var(--soft);font-style:italic}
    table{border-collapse:collapse;font-size:.9rem;line-height:1.45;font-variant-numeric:tabular-nums lining-nums;\
    margin:0 0 1.25rem}
    caption{caption-side:bottom;text-align:left;color:var(--soft);font-size:.875rem;padding-top:.5rem}
    caption span{display:inline-block;position:sticky;left:0;max-width:min(100vw - 2.5rem,39.5rem)}
    th,td{padding:.3rem .8rem;text-align:left;vertical-align:baseline}
    th:first-child,td:first-child{padding-left:0}
    th:last-child,td:last-child{padding-right:0}
    th{font-weight:600}
    thead>tr>*{border-bottom:1px solid var(--ink);vertical-align:bottom}
    tbody tr+tr>*{border-top:1px solid var(--rule)}
    table code{overflow-wrap:normal}
    th.number,td.number,.numbers th,.numbers td{text-align:right}
    td.number,.numbers td{white-space:nowrap}
    .middle{text-align:center}
    figure{margin:1.75rem 0 2rem}
    figure img{max-width:100%;height:auto}
    figcaption{color:var(--soft);font-size:.9rem;line-height:1.5;margin-top:.5rem}
    figcaption strong{color:var(--ink);font-weight:600}
    .panels{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1rem 1.5rem}
    .panels svg{flex:1 1 19rem;min-width:0;height:auto}
    @media (max-width:26rem){.panels{margin:0 -.65rem}}
    .scroll .drawing{display:block;width:100%;height:auto}
    .pictures p{margin:.75rem 0 .25rem;font-size:.85rem;color:var(--soft)}
    .pictures img{display:block;image-rendering:pixelated}
    .map{display:grid;grid-template-columns:max-content minmax(0,auto);justify-content:start;\
    align-items:center;gap:2px .75rem}
    .map p{margin:0;font-size:.75rem}
    .map .columns{grid-column:2;display:flex;align-items:flex-end}
    .columns span{flex:1;min-width:0;text-align:center;line-height:1.3}
    details{margin-top:.5rem;font-size:.9rem}
    summary{cursor:pointer;color:var(--link);font-size:.85rem}
    details caption{caption-side:top;padding:0 0 .35rem}
    details .scroll{max-height:24rem;overflow:auto;margin-top:.75rem}
    details table{margin:0}
    .all-checks table{min-width:44rem}
    .all-checks dl{min-width:17rem}
    aside{margin:1.25rem 0;padding:.75rem 1rem .8rem;background:var(--tint);\
    border-left:3px solid var(--soft);border-radius:0 .35rem .35rem 0}
    aside>p:last-child{margin-bottom:0}
    aside>p:first-child{margin-bottom:.4rem}
    .checks{margin:1rem 0 1.25rem}
    .check{margin:0;padding:.15rem 0 .15rem .8rem;border-left:3px solid var(--good);line-height:1.45}
    .check summary{color:inherit;font-size:.9rem}
    .check p,.check dl{margin:.35rem 0 .5rem 1.1rem;color:var(--soft)}
    .check.fails{border-color:var(--bad);background:var(--tint);padding-right:.8rem}
    dl{margin:0;font-variant-numeric:tabular-nums lining-nums}
    dl div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.5rem}
    dd{margin:0}
    span.mark,strong.mark{color:var(--good);font-size:.95em}
    .fails .mark{color:var(--bad)}
    .failed{list-style:none;padding:0}
    .interactive:not(.live){display:none}
    .interactive .panels{justify-content:center;gap:1rem;margin:.75rem 0 .5rem}
    .interactive canvas{display:block;border-radius:.2rem}
    .interactive .draggable{cursor:grab}
    .interactive .draggable:active{cursor:grabbing}
    .interactive p,.controls{font:.9rem/1.5 system-ui,sans-serif;max-width:39.5rem;margin:.6rem auto}
    .controls{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;\
    font-variant-numeric:tabular-nums lining-nums}
    .slider{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem .6rem;flex:1 1 17rem}
    .slider input{flex:1 1 7rem;min-width:0;height:1.75rem;margin:0;accent-color:var(--link)}
    .slider output{min-width:3.6em;text-align:right}
    .controls button{font:inherit;padding:.3rem .8rem;border:1px solid var(--soft);border-radius:.35rem;\
    background:var(--tint);color:var(--ink);cursor:pointer}
    .choice{border:0;padding:0;margin:0;min-width:0}
    .choice legend,.choice label{display:inline-block;padding:0;margin-right:.9rem}
    .choice input{accent-color:var(--link)}
    .interactive .words{min-height:3em}
    .interactive .spoken{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
    .interactive .verdict{color:var(--soft);font-size:.8rem}
    .still{margin:-1rem 0 2rem}
    footer{margin-top:3rem;padding-bottom:2.5rem;font-size:.85rem;color:var(--soft)}
    footer p{border-top:1px solid var(--rule);padding-top:.75rem}
    @media print{
    :root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--rule:#bbb;--tint:#f6f6f6;\
    --link:#000;--good:#0a5c22;--bad:#a0101b;--shade:transparent;\
    --keyword:#6a2fa5;--type:#084c88;--literal:#145530;--digits:#7a3c00}
    html{font-size:10.5pt}
    body,table,figcaption,caption,dl,.check,.check summary,.source,.pictures p{font-size:1rem}
    main,footer{max-width:none;padding:0}
    .wide{left:0;width:auto;transform:none}
    .wide figcaption{max-width:none}
    .pages,.contents,details:not(.check,.still),.still>summary,.interactive.live{display:none}
    figure,.check,aside,table,tr,pre,.equation,li{break-inside:avoid}
    h1,h2,h3,.source{break-after:avoid}
    p{orphans:3;widows:3}
    .scroll{overflow:visible;background:none;max-width:100%}
    pre.scroll{background:var(--tint);border:1px solid var(--rule)}
    .check summary{list-style:none}
    .check::details-content,.still::details-content{content-visibility:visible}
    .check dl{display:none}
    pre,pre code{white-space:pre-wrap}
    th,td{padding:.2rem .5rem}
    }
    """
}
