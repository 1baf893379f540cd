/** Pages that links lead to. The token follows, in the fragment: no server and no proxy ever sees it in an address. */
export const INVITATION_PAGE = '#/invitation/';
export const RESET_PAGE = '#/password/';
