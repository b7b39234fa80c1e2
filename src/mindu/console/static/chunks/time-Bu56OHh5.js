import{a as e,g as t,l as n,m as r,o as i,r as a,t as o,u as s}from"./text-Df-so0-V.js";import{n as c,r as l,t as u}from"./cursor-BH-DMzaT.js";var d=6e4,f=class extends s{createRenderRoot(){return this.replaceChildren(),this.setAttribute(`role`,`group`),this.setAttribute(`aria-label`,n(`time`)),this}connectedCallback(){super.connectedCallback(),l.addEventListener(`tick`,this.#e)}disconnectedCallback(){super.disconnectedCallback(),l.removeEventListener(`tick`,this.#e)}#e=()=>{this.requestUpdate()};#t(){return Math.min(l.moment,l.now-u,Math.max(l.first,l.now-24*u))}#n(){let t=l.moment-l.now;return l.side===`now`?`${n(`now`)} ${o(l.now)}`:l.side===`ahead`?`${n(`future`)} +${e(t)}, ${o(l.moment)}`:`${n(`past`)} ${a(l.moment)}`}render(){let[e,t]=[this.#t(),l.now+u];return r`
      <button class="btn" type="button" aria-pressed=${l.playing} @click=${()=>l.playing?l.pause():l.play()}>
        <span aria-hidden="true">${l.playing?`❚❚`:`▶`}</span> ${l.playing?n(`pause`):n(`play`)}</button>
      <label class="speed"><span class="vh">${n(`speed`)}</span>
        <select @change=${e=>this.#a(Number(e.target.value))}>
          ${c.map(e=>r`<option value=${e} ?selected=${e===l.speed}>×${e}</option>`)}</select></label>
      <div class="track">${this.#r(e,t)}
        <input type="range" aria-label=${n(`time`)} aria-valuetext=${this.#n()} min=${e} max=${t} step=${d} .value=${String(l.moment)}
          @input=${e=>this.#i(Number(e.target.value))}></div>
      <output class="where ${l.side}">${this.#n()}</output>
      <button class="btn" type="button" ?disabled=${l.side===`now`} @click=${()=>{l.pause(),l.set(null)}}>${n(`to_now`)}</button>`}#r(e,a){let s=t=>`${((t-e)/(a-e)*100).toFixed(2)}%`,c=[15,30,60,120,240,360].map(e=>e*6e4).find(t=>(a-e)/t<=5)??216e5,u=[];for(let t=Math.ceil(e/c)*c;t<a;t+=c)Math.abs(t-l.now)>(a-e)*(i(t,l.now).length>5?.28:.2)&&u.push(t);u.length>1&&u[0]-e<c/4&&i(u[0],l.now).length>5&&u.splice(1,1);let d=t=>t-e<c/4?`start`:a-t<c/4?`end`:`middle`;return r`<svg class="axis" aria-hidden="true" width="100%" height="16">
      ${u.map(e=>t`<text x=${s(e)} y="12" text-anchor=${d(e)}>${i(e,l.now)}</text>`)}
      ${t`<text class="now" x=${s(l.now)} y="12" text-anchor="middle">${o(l.now)} ${n(`now`)}</text>`}
      </svg>`}#i(e){l.pause(),l.set(Math.abs(e-l.now)<d?null:e)}#a(e){l.speed=e,l.playing&&l.play(e)}};customElements.define(`md-time`,f);export{f as Time};