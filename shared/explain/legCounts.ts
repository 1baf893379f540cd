/** The figures whose legs can be listed, by the kind of leg each counts. Apart from the contract: a page needs no schemas for it. */
export const LEG_COUNTS = { missedRings: 'missed', outbound: 'outbound' } as const;
