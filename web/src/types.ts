// The server's own types under short names; schema.d.ts is generated from openapi.json and never edited.
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];
export type Alert = Schemas["Alert"];
export type Alerts = Schemas["Alerts"];
export type Approval = Schemas["Approval"];
export type Approvals = Schemas["Approvals"];
export type Card = Schemas["Card"];
export type Course = Schemas["Course"];
export type Done = Schemas["Done"];
export type ForecastOut = Schemas["ForecastOut"];
export type Futures = Schemas["Futures"];
export type Job = Schemas["Job"];
export type JobOut = Schemas["JobOut"];
export type Jobs = Schemas["Jobs"];
export type Manifest = Schemas["ManifestOut"];
export type Node = Schemas["Node"];
export type Row = Schemas["Row"];
export type Rows = Schemas["Rows"];
export type Said = Schemas["Said"];
export type Saved = Schemas["Saved"];
export type Scores = Schemas["ScoresOut"];
export type SeriesOut = Schemas["SeriesOut"];
export type Thing = Schemas["Thing"];
export type Track = Schemas["Track"];
export type Why = Schemas["WhyOut"];
