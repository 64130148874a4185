export { REFERENCES } from './references.ts';
export { type File, type Repository, type Rule, readTexts, toRepository } from './repository.ts';
export { RIGHTS } from './rights.ts';
export { SHAPE } from './shape.ts';
