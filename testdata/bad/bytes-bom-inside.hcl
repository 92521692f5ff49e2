node {
  ﻿role = "master"
}
