// Who somebody is: a title "市町村の職員|波待島村" says the role and, after it, where they belong.

const OTHERS = "メンバー";

/** The role in a title, and what else it says. */
export function parted(title = "") {
  const [role, ...rest] = title.split("|");
  return rest.length ? { role, about: rest.at(-1) } : { role: OTHERS, about: title };
}

/** [role, people] in the order in which the roles come first; `titleOf` says somebody's title. */
export function byRole(people, titleOf) {
  const groups = new Map();
  for (const each of people) {
    const { role } = parted(titleOf(each));
    groups.set(role, [...(groups.get(role) ?? []), each]);
  }
  return [...groups];
}
