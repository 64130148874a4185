import { compareDebianOrder } from '@slipway/core';
import type { VersionOrder } from './is-affected.ts';
import { compareLooseVersions } from './loose-version.ts';

/** Ecosystems whose order of versions is known here. Of the others only listed versions are compared. */
const ORDERS: ReadonlyMap<string, VersionOrder> = new Map([
	['npm', compareLooseVersions],
	['crates.io', compareLooseVersions],
	['Go', compareLooseVersions],
	['Debian', compareDebianOrder],
	['Ubuntu', compareDebianOrder],
]);

/** @param ecosystem as OSV writes it, without release */
export const findOrder = (ecosystem: string): VersionOrder | undefined => ORDERS.get(ecosystem);
