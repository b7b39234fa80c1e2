// Many and moving points in one draw call: positions relative to an origin, the shape says the severity.
import { MercatorCoordinate, type CustomLayerInterface, type CustomRenderMethodInput, type Map } from "maplibre-gl";

const VERTEX = `#version 300 es
uniform mat4 m; uniform float s; layout(location=0) in vec2 a; layout(location=1) in uint k; flat out uint v;
void main() { gl_Position = m * vec4(a, 0., 1.); gl_PointSize = k == 0u ? s : s * 2.4; v = k; }`;

// 0 a calm dot, 1 circle, 2 square, 3 diamond, 4 triangle; the outer ring is the edge.
const FRAGMENT = `#version 300 es
precision mediump float; flat in uint v; out vec4 c; uniform vec3 pal[5]; uniform vec3 edge;
float far(vec2 p) {
  if (v == 4u) return max(p.y - .72, abs(p.x) * .87 - p.y * .493 - .394);
  if (v == 3u) return (abs(p.x) + abs(p.y)) - .92;
  if (v == 2u) return max(abs(p.x), abs(p.y)) - .74;
  return length(p) - .82;
}
void main() {
  float d = far((gl_PointCoord - .5) * 2.);
  if (d > .04) discard;
  c = vec4(mix(pal[v], edge, smoothstep(-.2, -.12, d)), 1.);
}`;

export type Rgb = readonly [number, number, number];
export interface Paint { marks: readonly Rgb[]; edge: Rgb; size: number }

export class Points implements CustomLayerInterface {
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  readonly xy: Float32Array;
  readonly level: Uint8Array;
  #count = 0;
  #dirty = { xy: true, level: true };
  #map: Map | undefined;
  #program: WebGLProgram | null = null;
  #array: WebGLVertexArrayObject | null = null;
  #buffers: (WebGLBuffer | null)[] = [];
  readonly #origin: MercatorCoordinate;

  constructor(readonly id: string, readonly capacity: number, origin: [number, number], public paint: Paint) {
    this.#origin = MercatorCoordinate.fromLngLat(origin);
    this.xy = new Float32Array(capacity * 2);
    this.level = new Uint8Array(capacity);
  }

  /** Put point `i` somewhere; points beyond the capacity are refused. */
  set(i: number, lon: number, lat: number, level: number): void {
    if (i >= this.capacity) return;
    // Web Mercator, 0..1 across the world, written out: a hundred thousand points a frame leave no room for objects.
    this.xy[2 * i] = 0.5 + lon / 360 - this.#origin.x;
    this.xy[2 * i + 1] = 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI) - this.#origin.y;
    if (this.level[i] !== level) {
      this.level[i] = level;
      this.#dirty.level = true;
    }
    this.#dirty.xy = true;
  }

  /** Show the first `count` points as they are set now. */
  commit(count: number): void {
    this.#count = Math.min(count, this.capacity);
    this.#map?.triggerRepaint();
  }

  onAdd(map: Map, gl: WebGL2RenderingContext): void {
    this.#map = map;
    this.#dirty = { xy: true, level: true };
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
      const shader = gl.createShader(kind);
      if (!shader) throw new Error("no room for a shader");
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    this.#program = program;
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#buffers = [this.xy, this.level].map((held, at) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, held.byteLength, gl.DYNAMIC_DRAW);
      gl.enableVertexAttribArray(at);
      if (at === 0) gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
      else gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_BYTE, 0, 0);
      return buffer;
    });
    gl.bindVertexArray(null);
  }

  render(gl: WebGL2RenderingContext | WebGLRenderingContext, input: CustomRenderMethodInput): void {
    const on = gl as WebGL2RenderingContext;
    if (!this.#program || this.#count === 0) return;
    on.useProgram(this.#program);
    on.uniformMatrix4fv(on.getUniformLocation(this.#program, "m"), false, this.#matrix(input));
    on.uniform1f(on.getUniformLocation(this.#program, "s"), this.paint.size * devicePixelRatio);
    on.uniform3fv(on.getUniformLocation(this.#program, "pal"), this.paint.marks.flat());
    on.uniform3fv(on.getUniformLocation(this.#program, "edge"), [...this.paint.edge]);
    this.#upload(on, 0, this.xy, this.#dirty.xy);
    this.#upload(on, 1, this.level, this.#dirty.level);
    this.#dirty = { xy: false, level: false };
    on.bindVertexArray(this.#array);
    on.drawArrays(on.POINTS, 0, this.#count);
    on.bindVertexArray(null);
  }

  #matrix(input: CustomRenderMethodInput): Float32Array {
    const whole = input.defaultProjectionData.mainMatrix as ArrayLike<number>;
    const moved = Float32Array.from(whole);
    const { x, y } = this.#origin; // moved in double precision, so that floats stay exact to centimetres
    for (let r = 0; r < 4; r++) moved[12 + r] = whole[r]! * x + whole[4 + r]! * y + whole[12 + r]!;
    return moved;
  }

  #upload(gl: WebGL2RenderingContext, at: number, held: ArrayBufferView, dirty: boolean): void {
    if (!dirty) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[at] ?? null);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, held as Float32Array);
  }
}
