export const id=199;export const ids=[199];export const modules={3199:(o,t,e)=>{e.d(t,{e:()=>s});let s=1}};
