package registry

import "time"

// A demonstration is a registry that says on every page that it is one, and
// into which anybody signs in with one click as one of its demonstration
// members. They have no passwords, so in a registry that is served otherwise
// nobody can use them.

var demoKey = []byte("demonstration")

// demoMembers are named by what they do: nobody real is meant.
var demoMembers = []Member{
	{ID: "demo-secretary", Name: "联合秘书处（示范）", Role: Secretary},
	{ID: "demo-31", Name: "上海代表（示范）", Region: "31", Role: Representative},
	{ID: "demo-32", Name: "江苏代表（示范）", Region: "32", Role: Representative},
	{ID: "demo-33", Name: "浙江代表（示范）", Region: "33", Role: Representative},
	{ID: "demo-34", Name: "安徽代表（示范）", Region: "34", Role: Representative},
	{ID: "demo-author", Name: "上海起草人（示范）", Region: "31", Role: Author},
	{ID: "demo-reader", Name: "企业读者（示范）", Role: Reader},
	{ID: "demo-admin", Name: "管理员（示范）", Role: Administrator},
}

// Demonstration tells whether this registry is one.
func (r *Registry) Demonstration() (yes bool, err error) {
	err = r.store.View(func(tx Tx) error {
		raw, err := tx.Get(demoKey)
		yes = raw != nil
		return err
	})
	return yes, err
}

// MakeDemonstration turns a registry without members into a demonstration with
// an open project. A registry that has members of its own is refused: anybody
// could sign in to it. One that is a demonstration already stays as it is.
func (r *Registry) MakeDemonstration(p Project) error {
	if yes, err := r.Demonstration(); yes || err != nil {
		return err
	}
	if _, err := r.CreateProject(System, p); err != nil && !Refused(err, Conflict) {
		return err
	}
	return r.update(System, func(c *change) error {
		own, err := members.all(c.Tx)
		if err != nil {
			return err
		}
		if len(own) > 0 {
			return refuse(Forbidden, "", "这里已有正式成员，不能作为示范打开：请另选数据文件夹。 This registry has members of its own and cannot be served as a demonstration: choose another data folder.")
		}
		for _, m := range demoMembers {
			m.Created = r.now().UTC().Truncate(time.Second)
			if err := members.put(c, m, m.ID); err != nil {
				return err
			}
			if err := c.log(AddMember, "members/"+m.ID, membershipOf(m)); err != nil {
				return err
			}
		}
		// Written last: a start that was interrupted is taken up again.
		return c.Put(demoKey, []byte("1"))
	})
}
