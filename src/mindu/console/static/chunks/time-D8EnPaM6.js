import{c as e,d as t,f as n,g as r,i,o as a,t as o,v as s}from"./text-CZE0c4rn.js";import{n as c,r as l,t as u}from"./cursor-BH-DMzaT.js";var d=6e4,f=class extends n{createRenderRoot(){return this.replaceChildren(),this.setAttribute(`role`,`group`),this.setAttribute(`aria-label`,t(`time`)),this}connectedCallback(){super.connectedCallback(),l.addEventListener(`tick`,this.#e)}disconnectedCallback(){super.disconnectedCallback(),l.removeEventListener(`tick`,this.#e)}#e=()=>{this.requestUpdate()};#t(){return Math.min(l.moment,l.now-u,Math.max(l.first,l.now-24*u))}#n(){let e=l.moment-l.now;return l.side===`now`?`${t(`now`)} ${o(l.now)}`:l.side===`ahead`?`${t(`future`)} +${a(e)}, ${o(l.moment)}`:`${t(`past`)} ${i(l.moment)}`}render(){let[e,n]=[this.#t(),l.now+u];return r`
      <button class="btn" type="button" aria-pressed=${l.playing} @click=${()=>l.playing?l.pause():l.play()}>
        <span aria-hidden="true">${l.playing?`❚❚`:`▶`}</span> ${l.playing?t(`pause`):t(`play`)}</button>
      <label class="speed"><span class="vh">${t(`speed`)}</span>
        <select @change=${e=>this.#a(Number(e.target.value))}>
          ${c.map(e=>r`<option value=${e} ?selected=${e===l.speed}>×${e}</option>`)}</select></label>
      <div class="track">${this.#r(e,n)}
        <input type="range" aria-label=${t(`time`)} aria-valuetext=${this.#n()} min=${e} max=${n} step=${d} .value=${String(l.moment)}
          @input=${e=>this.#i(Number(e.target.value))}></div>
      <output class="where ${l.side}">${this.#n()}</output>
      <button class="btn" type="button" ?disabled=${l.side===`now`} @click=${()=>{l.pause(),l.set(null)}}>${t(`to_now`)}</button>`}#r(n,i){let a=e=>`${((e-n)/(i-n)*100).toFixed(2)}%`,c=[15,30,60,120,240,360].map(e=>e*6e4).find(e=>(i-n)/e<=5)??216e5,u=[];for(let t=Math.ceil(n/c)*c;t<i;t+=c)Math.abs(t-l.now)>(i-n)*(e(t,l.now).length>5?.28:.2)&&u.push(t);u.length>1&&u[0]-n<c/4&&e(u[0],l.now).length>5&&u.splice(1,1);let d=e=>e-n<c/4?`start`:i-e<c/4?`end`:`middle`;return r`<svg class="axis" aria-hidden="true" width="100%" height="16">
      ${u.map(t=>s`<text x=${a(t)} y="12" text-anchor=${d(t)}>${e(t,l.now)}</text>`)}
      ${s`<text class="now" x=${a(l.now)} y="12" text-anchor="middle">${o(l.now)} ${t(`now`)}</text>`}
      </svg>`}#i(e){l.pause(),l.set(Math.abs(e-l.now)<d?null:e)}#a(e){l.speed=e,l.playing&&l.play(e)}};customElements.define(`md-time`,f);export{f as Time};