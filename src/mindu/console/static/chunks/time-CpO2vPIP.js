import{_ as e,m as t,y as n}from"./main-BO8fpdXr.js";import{n as r,r as i,t as a}from"./cursor-DCva9aIs.js";import{a as o,o as s,r as c,t as l}from"./text-D95BP8fw.js";import{r as u}from"./words-6PGgrQEO.js";var d=6e4,f=class extends t{createRenderRoot(){return this.replaceChildren(),this.setAttribute(`role`,`group`),this.setAttribute(`aria-label`,u(`time`)),this}connectedCallback(){super.connectedCallback(),i.addEventListener(`tick`,this.#e)}disconnectedCallback(){super.disconnectedCallback(),i.removeEventListener(`tick`,this.#e)}#e=()=>{this.requestUpdate()};#t(){return Math.min(i.moment,i.now-a,Math.max(i.first,i.now-24*a))}#n(){let e=i.moment-i.now;return i.side===`now`?`${u(`now`)} ${l(i.now)}`:i.side===`ahead`?`${u(`future`)} +${o(e)}, ${l(i.moment)}`:`${u(`past`)} ${c(i.moment)}`}render(){let[t,n]=[this.#t(),i.now+a];return e`
      <button class="btn" type="button" aria-pressed=${i.playing} @click=${()=>i.playing?i.pause():i.play()}>
        <span aria-hidden="true">${i.playing?`❚❚`:`▶`}</span> ${i.playing?u(`pause`):u(`play`)}</button>
      <label class="speed"><span class="vh">${u(`speed`)}</span>
        <select @change=${e=>this.#a(Number(e.target.value))}>
          ${r.map(t=>e`<option value=${t} ?selected=${t===i.speed}>×${t}</option>`)}</select></label>
      <div class="track">${this.#r(t,n)}
        <input type="range" aria-label=${u(`time`)} aria-valuetext=${this.#n()} min=${t} max=${n} step=${d} .value=${String(i.moment)}
          @input=${e=>this.#i(Number(e.target.value))}></div>
      <output class="where ${i.side}">${this.#n()}</output>
      <button class="btn" type="button" ?disabled=${i.side===`now`} @click=${()=>{i.pause(),i.set(null)}}>${u(`to_now`)}</button>`}#r(t,r){let a=e=>`${((e-t)/(r-t)*100).toFixed(2)}%`,o=[15,30,60,120,240,360].map(e=>e*6e4).find(e=>(r-t)/e<=5)??216e5,c=[];for(let e=Math.ceil(t/o)*o;e<r;e+=o)Math.abs(e-i.now)>(r-t)*.15&&c.push(e);return e`<svg class="axis" aria-hidden="true" width="100%" height="16">
      ${c.map(e=>n`<text x=${a(e)} y="12" text-anchor=${e-t<o/4?`start`:`middle`}>${s(e,i.now)}</text>`)}
      ${n`<text class="now" x=${a(i.now)} y="12" text-anchor="middle">${l(i.now)} ${u(`now`)}</text>`}
      </svg>`}#i(e){i.pause(),i.set(Math.abs(e-i.now)<d?null:e)}#a(e){i.speed=e,i.playing&&i.play(e)}};customElements.define(`md-time`,f);export{f as Time};