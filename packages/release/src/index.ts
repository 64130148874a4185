export type { EndState, ReleaseReport, SubjectReport } from './outcome.ts';
