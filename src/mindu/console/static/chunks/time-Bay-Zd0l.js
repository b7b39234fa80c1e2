import{d as e,g as t,m as n}from"./main-Dx3EiMBZ.js";import{n as r,r as i,t as a}from"./cursor-BH-DMzaT.js";import{a as o,o as s,r as c,t as l}from"./text-B_xCK3w_.js";import{r as u}from"./words-0hj9XcGj.js";var d=6e4,f=class extends e{createRenderRoot(){return this.replaceChildren(),this.setAttribute(`role`,`group`),this.setAttribute(`aria-label`,u(`time`)),this}connectedCallback(){super.connectedCallback(),i.addEventListener(`tick`,this.#e)}disconnectedCallback(){super.disconnectedCallback(),i.removeEventListener(`tick`,this.#e)}#e=()=>{this.requestUpdate()};#t(){return Math.min(i.moment,i.now-a,Math.max(i.first,i.now-24*a))}#n(){let e=i.moment-i.now;return i.side===`now`?`${u(`now`)} ${l(i.now)}`:i.side===`ahead`?`${u(`future`)} +${o(e)}, ${l(i.moment)}`:`${u(`past`)} ${c(i.moment)}`}render(){let[e,t]=[this.#t(),i.now+a];return n`
      <button class="btn" type="button" aria-pressed=${i.playing} @click=${()=>i.playing?i.pause():i.play()}>
        <span aria-hidden="true">${i.playing?`❚❚`:`▶`}</span> ${i.playing?u(`pause`):u(`play`)}</button>
      <label class="speed"><span class="vh">${u(`speed`)}</span>
        <select @change=${e=>this.#a(Number(e.target.value))}>
          ${r.map(e=>n`<option value=${e} ?selected=${e===i.speed}>×${e}</option>`)}</select></label>
      <div class="track">${this.#r(e,t)}
        <input type="range" aria-label=${u(`time`)} aria-valuetext=${this.#n()} min=${e} max=${t} step=${d} .value=${String(i.moment)}
          @input=${e=>this.#i(Number(e.target.value))}></div>
      <output class="where ${i.side}">${this.#n()}</output>
      <button class="btn" type="button" ?disabled=${i.side===`now`} @click=${()=>{i.pause(),i.set(null)}}>${u(`to_now`)}</button>`}#r(e,r){let a=t=>`${((t-e)/(r-e)*100).toFixed(2)}%`,o=[15,30,60,120,240,360].map(e=>e*6e4).find(t=>(r-e)/t<=5)??216e5,c=[];for(let t=Math.ceil(e/o)*o;t<r;t+=o)Math.abs(t-i.now)>(r-e)*.15&&c.push(t);return n`<svg class="axis" aria-hidden="true" width="100%" height="16">
      ${c.map(n=>t`<text x=${a(n)} y="12" text-anchor=${n-e<o/4?`start`:`middle`}>${s(n,i.now)}</text>`)}
      ${t`<text class="now" x=${a(i.now)} y="12" text-anchor="middle">${l(i.now)} ${u(`now`)}</text>`}
      </svg>`}#i(e){i.pause(),i.set(Math.abs(e-i.now)<d?null:e)}#a(e){i.speed=e,i.playing&&i.play(e)}};customElements.define(`md-time`,f);export{f as Time};