"""Review in a browser: one self-contained file, no network, everything of the text inert.

The one idea: the text travels as JSON inside a script element of type application/json and reaches the page only through
`textContent`, and the policy in the head allows exactly the one script and the one style whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from pbtool.review.answers import Answers, edit_id
from pbtool.review.questions import Places, Sentences, standing
from pbtool.review.subject import Subject

_STYLE = """
:root{color-scheme:light dark;--line:#8884}
body{font:16px/1.7 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:0 1rem 4rem}
header{position:sticky;top:0;background:Canvas;border-bottom:1px solid var(--line);padding:.6rem 0;display:flex;gap:.8rem;flex-wrap:wrap;align-items:center}
h1{font-size:1.1rem;margin:0;flex:1 1 12rem;overflow-wrap:anywhere}
button,select{font:inherit;padding:.1rem .6rem}
ol{list-style:none;padding:0;margin:0}
li{border-bottom:1px solid var(--line);padding:.6rem .4rem;border-left:4px solid transparent;overflow-wrap:anywhere}
li:focus{outline:2px solid Highlight;outline-offset:-2px}
li[data-verdict=accept]{border-left-color:#2a7d2a}
li[data-verdict=reject]{border-left-color:#b3261e}
li[data-verdict=change]{border-left-color:#8a5a00}
del{background:#b3261e33;text-decoration:line-through}
ins{background:#2a7d2a33;text-decoration:none}
small{opacity:.8;margin-right:1rem}
.empty{opacity:.6}
"""

_SCRIPT = """
"use strict";
const data=JSON.parse(document.getElementById("data").textContent);
const answers=new Map(Object.entries(data.answers));
const size=100;let page=0,rows=[];
const $=id=>document.getElementById(id);
const make=(tag,text,parent)=>{const node=document.createElement(tag);if(text!==undefined)node.textContent=text;if(parent)parent.append(node);return node};
const flat=text=>text.replace(/\\r?\\n/g,"\\u23ce");
function chosen(){const rule=$("rule").value,grade=$("grade").value,state=$("state").value;
 return data.edits.filter(e=>(!rule||e.rule===rule)&&(!grade||e.grade===grade)&&(!state||(state==="open")===!answers.has(e.id)))}
function totals(){const n={accept:0,reject:0,change:0};for(const a of answers.values())n[a.verdict]++;
 $("totals").textContent=`${data.edits.length-answers.size} open, ${n.accept} accepted, ${n.reject} rejected, ${n.change} changed`}
function mark(row,edit){const a=answers.get(edit.id);if(a)row.dataset.verdict=a.verdict;else delete row.dataset.verdict;
 row.querySelector(".verdict").textContent=a?a.verdict+(a.text!==undefined&&a.verdict==="change"?`: ${a.text}`:""):"open"}
function answer(row,verdict,text){const edit=row.edit;if(verdict===null)answers.delete(edit.id);else{const a={verdict};if(text!==undefined)a.text=text;answers.set(edit.id,a)}
 mark(row,edit);totals()}
function draw(){rows=chosen();const pages=Math.max(1,Math.ceil(rows.length/size));page=Math.min(page,pages-1);
 const list=$("list");list.replaceChildren();
 for(const edit of rows.slice(page*size,page*size+size)){const row=make("li",undefined,list);row.tabIndex=0;row.edit=edit;
  make("small",`${edit.line} \\u00b7 ${edit.rule} \\u00b7 ${edit.grade} ${Math.round(edit.confidence*100)}%`,row);
  make("small",undefined,row).className="verdict";
  const p=make("div",undefined,row);p.append(flat(edit.left));if(edit.before)make("del",flat(edit.before),p);if(edit.after)make("ins",flat(edit.after),p);p.append(flat(edit.right));
  for(const [label,verdict] of [["Accept","accept"],["Reject","reject"],["Change\\u2026","change"],["Open",null]]){
   const b=make("button",label,row);b.type="button";b.addEventListener("click",()=>decide(row,verdict))}
  mark(row,edit)}
 if(!rows.length)make("li","Nothing here.",list).className="empty";
 $("page").textContent=`${page+1} / ${pages}`;$("prev").disabled=page===0;$("next").disabled=page>=pages-1;totals()}
function decide(row,verdict){if(verdict==="change"){const text=prompt("What should stand here?",row.edit.after);if(text===null)return;answer(row,verdict,text)}else answer(row,verdict);
 const next=row.nextElementSibling;if(next)next.focus()}
document.addEventListener("keydown",event=>{const row=document.activeElement.closest?.("li");if(!row||!row.edit||event.ctrlKey||event.metaKey||event.altKey)return;
 const key=event.key;if(key==="y")decide(row,"accept");else if(key==="n")decide(row,"reject");else if(key==="e")decide(row,"change");else if(key==="u")answer(row,null);
 else if(key==="j"||key==="ArrowDown")row.nextElementSibling?.focus();else if(key==="k"||key==="ArrowUp")row.previousElementSibling?.focus();else return;event.preventDefault()});
for(const [id,key] of [["rule","rule"],["grade","grade"]])for(const value of [...new Set(data.edits.map(e=>e[key]))].sort()){const o=make("option",value,$(id));o.value=value}
for(const id of ["rule","grade","state"])$(id).addEventListener("change",()=>{page=0;draw()});
$("prev").addEventListener("click",()=>{page--;draw()});$("next").addEventListener("click",()=>{page++;draw()});
$("all").addEventListener("click",()=>{for(const e of rows)if(!answers.has(e.id))answers.set(e.id,{verdict:"accept"});draw()});
$("save").addEventListener("click",()=>{const lines=[JSON.stringify({schema:data.schema,sha256:data.sha256,source:data.source})];
 for(const e of data.edits)if(answers.has(e.id))lines.push(JSON.stringify({id:e.id,...answers.get(e.id)}));
 const link=document.createElement("a");link.href=URL.createObjectURL(new Blob([lines.join("\\n")+"\\n"],{type:"application/jsonl"}));link.download=data.file;link.click()});
draw();
"""

_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width"><title>pbtool review</title><style>{style}</style></head>
<body><header><h1>{name}</h1>
<label>Rule <select id="rule"><option value="">all</option></select></label>
<label>Grade <select id="grade"><option value="">all</option></select></label>
<label>State <select id="state"><option value="">all</option><option value="open">open</option><option value="done">answered</option></select></label>
<button id="prev" type="button" aria-label="Previous page">‹</button><span id="page"></span><button id="next" type="button" aria-label="Next page">›</button>
<button id="all" type="button">Accept all shown</button><button id="save" type="button">Download answers</button>
<span id="totals" role="status"></span></header>
<main><p><small>Keys: y accept, n reject, e change, u open again, j and k next and previous.</small></p><ol id="list"></ol></main>
<script type="application/json" id="data">{data}</script><script>{script}</script></body></html>
"""


def page(
    name: str,
    subject: Subject,
    answers: Answers,
    file: str,
    who: str | None = None,
    pictures: Mapping[int, bytes] | None = None,
) -> str:
    """The review of one text as an HTML page; `file` is the name under which answers are downloaded."""
    edits = subject.edits
    sentences = Sentences(subject.document.original, edits, standing(answers))
    line = Places(subject.document)
    entries = []
    for edit in edits:
        left, right = sentences.around(edit.start, edit.end)
        entries.append(
            {
                "id": edit_id(edit),
                "before": edit.before,
                "after": edit.after,
                "rule": edit.rule,
                "grade": edit.grade,
                "confidence": round(edit.confidence, 4),
                "line": line(edit.start)[0],
                "left": left,
                "right": right,
            }
        )
    given = {
        edit_id(edit): {
            "verdict": answer.verdict,
            **({"text": answer.text} if answer.text is not None else {}),
        }
        for edit in edits
        if (answer := answers[edit]) is not None
    }
    data = {**answers.header(), "file": file, "edits": entries, "answers": given}
    return _PAGE.format(
        name=_escaped(name),
        style=_STYLE,
        script=_SCRIPT,
        style_hash=_hash(_STYLE),
        script_hash=_hash(_SCRIPT),
        data=_inert(data),
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert(value: object) -> str:
    """JSON that cannot end the script element that holds it, and holds no lone surrogate."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _escaped(text: str) -> str:
    from html import escape

    return escape(text.encode("utf-8", "replace").decode("utf-8"))
