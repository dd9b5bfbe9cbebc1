package registry

import "time"

// Member is a person who works here, of one region and one role.
type Member struct {
	ID       string    `json:"id"` // the sign-in name
	Name     string    `json:"name"`
	Region   string    `json:"region"` // code; "" for the joint secretariat
	Role     Role      `json:"role"`
	Created  time.Time `json:"created"`
	Password string    `json:"password,omitempty"` // argon2id, PHC string; "" for a member that cannot sign in by password
}

// System is who acts when the machine itself or its operator at the command
// line does: seeding, import, setup.
var System = Member{ID: "system", Name: "系统", Role: Administrator}

var members = table[Member]{"member", "位成员"}
