export { toCycloneDx } from '../output/cyclonedx.ts';
export { toSpdx } from '../output/spdx.ts';
export { type SbomScore, scoreSbom } from '../score/score.ts';
export { makeProjectSbom, type ProjectSbomRequest } from './project-sbom.ts';
export { type ProjectGraph, readLockfile, readProjectGraph } from './read-graph.ts';
